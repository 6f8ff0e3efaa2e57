import CHDF5
import Checkpoints

/// Reads what a survey tells about one data set; in the worker only.
enum DatasetReader {
  static func read(
    _ dataset: hid_t, at address: UInt64, _ path: TensorName, _ userBlockSize: UInt64
  ) throws(LibraryError) -> DatasetRecord {
    let type = try Identifier(H5Dget_type(dataset), "read its type")
    let space = try Identifier(H5Dget_space(dataset), "read its shape")
    let properties = try Identifier(H5Dget_create_plist(dataset), "read its properties")
    let description = try TypeReader.read(type.id)
    let shape = try SpaceReader.shape(of: space.id)
    let reader = StorageReader(
      dataset: dataset, type: type.id, properties: properties.id, shape: shape,
      userBlockSize: userBlockSize)
    return DatasetRecord(
      path: path, address: address, type: description, shape: shape,
      attributes: try AttributeReader.read(of: dataset),
      storage: try reader.read(elementSize: description.size),
      fillElement: try reader.fillElement(size: description.size))
  }
}
