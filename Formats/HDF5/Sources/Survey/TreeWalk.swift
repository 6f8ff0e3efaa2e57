import CHDF5
import Checkpoints

/// Walks a file's objects and reports each once; in the worker only.
///
/// Objects are visited, not paths: thirty groups linked twice each make 2^29 paths, and links may
/// form cycles. The walk keeps its own stack, so depth is bounded by memory and the limits below.
struct TreeWalk: ~Copyable {
  /// The most links that a file may have.
  static let linkLimit = 10_000_000
  /// The longest path in bytes; Linux itself allows 4,096.
  static let pathLimit = 65_536

  private let file: hid_t
  private let userBlockSize: UInt64
  private let emit: (SurveyRecord) -> Void
  private var visited: Set<UInt64> = []
  private var pending: [Link] = []
  private var links = 0

  private struct Link {
    let path: [UInt8]
    let address: UInt64
  }

  init(file: borrowing Identifier, emit: @escaping (SurveyRecord) -> Void) throws(LibraryError) {
    self.file = file.id
    self.emit = emit
    userBlockSize = try HDF5Library.userBlockSize(of: file)
  }

  /// Reports the file, each object and link, and the number of links.
  mutating func run() throws(LibraryError) {
    emit(.file(userBlockSize: userBlockSize))
    var root: UInt64 = 0
    try check(unsafe ctl_object_address(file, &root), "find the root group")
    pending = [Link(path: [], address: root)]
    while let link = pending.popLast() { try visit(link) }
    emit(.end(count: UInt64(links)))
  }

  private mutating func visit(_ link: Link) throws(LibraryError) {
    let path = TensorName(bytes: link.path)
    guard visited.insert(link.address).inserted else {
      return emit(.alias(path: path, address: link.address))
    }
    do throws(LibraryError) {
      let object = try Identifier(H5Oopen_by_addr(file, haddr_t(link.address)), "open it")
      switch H5Iget_type(object.id) {
      case H5I_GROUP: try visit(group: object, at: link)
      case H5I_DATASET:
        let record = try DatasetReader.read(object.id, at: link.address, path, userBlockSize)
        emit(.dataset(record))
      case H5I_DATATYPE: emit(.namedType(path: path, address: link.address))
      default: throw LibraryError("damaged: it is neither a group nor a data set nor a type")
      }
    } catch {
      let place = link.path.isEmpty ? "the root group" : "\(path)"
      throw LibraryError("\(place): \(error.fact)", remedy: error.remedy)
    }
  }

  private mutating func visit(group: borrowing Identifier, at link: Link) throws(LibraryError) {
    let properties = try Identifier(H5Gget_create_plist(group.id), "read its properties")
    var flags: UInt32 = 0
    try check(unsafe H5Pget_link_creation_order(properties.id, &flags), "read its properties")
    let tracksOrder = flags & UInt32(H5P_CRT_ORDER_TRACKED) != 0
    emit(
      .group(
        GroupRecord(
          path: TensorName(bytes: link.path), address: link.address,
          tracksCreationOrder: tracksOrder, attributes: try AttributeReader.read(of: group.id))))

    let found = try GroupLinks.read(group.id, byCreation: tracksOrder)
    links += found.count
    guard links <= Self.linkLimit else {
      throw LibraryError("has more than \(Self.linkLimit) links")
    }
    let prefix = link.path.isEmpty ? [] : link.path + [UInt8(ascii: "/")]
    guard prefix.count < Self.pathLimit else { throw LibraryError("lies too deep") }
    for link in found.reversed() {
      if case .hard(let address) = link.target {
        pending.append(Link(path: prefix + link.name, address: address))
      }
    }
    for link in found {
      if case .soft(let target) = link.target {
        let path = TensorName(bytes: prefix + link.name)
        emit(.softLink(path: path, target: TensorName(bytes: target)))
      }
    }
  }
}
