import CHDF5
import Checkpoints

/// The worker's side of adding attributes to an output.
enum AnnotationService {
  static func serve() {
    let request = WorkerServer.receiveAll()
    WorkerServer.answer { emit throws(LibraryError) in
      var wire = WireReader(request)
      let attributes: [Checkpoint.Attribute]
      do throws(WireError) {
        attributes = try wire.attributes()
      } catch {
        throw LibraryError("the request makes no sense: \(error.reason)")
      }
      try annotate(attributes)
      emit(.end(count: UInt64(attributes.count)))
    }
  }

  private static func annotate(_ attributes: [Checkpoint.Attribute]) throws(LibraryError) {
    let file = try HDF5Library.openOutput(WorkerServer.firstFile)
    let root = try Identifier(unsafe H5Gopen2(file, "/", ctl_default_list()), "open the root")
    for attribute in attributes {
      try AttributeCopy.write(attribute.name, attribute.value, to: root.id)
    }
    try HDF5Library.close(output: file)
  }
}
