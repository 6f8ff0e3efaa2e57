internal import COneDNN
internal import Checkpoints

/// oneDNN's engine and stream for this process, and its words of failure.
enum OneDNN {
  /// The processor.
  nonisolated(unsafe) static let engine: dnnl_engine_t? = {
    var engine: dnnl_engine_t?
    return unsafe dnnl_engine_create(&engine, dnnl_cpu, 0) == dnnl_success ? engine : nil
  }()

  /// The queue of its work; primitives run when they are submitted.
  nonisolated(unsafe) static let stream: dnnl_stream_t? = {
    var stream: dnnl_stream_t?
    return unsafe dnnl_stream_create(&stream, engine, dnnl_stream_default_flags.rawValue)
      == dnnl_success ? stream : nil
  }()

  /// Throws where a call failed.
  static func check(_ status: dnnl_status_t, _ call: String) throws(CheckpointError) {
    guard status != dnnl_success else { return }
    let reason =
      switch status {
      case dnnl_out_of_memory: "there isn't enough memory"
      case dnnl_unimplemented: "it doesn't have this kind of layer for this shape"
      case dnnl_invalid_arguments: "the shapes don't fit together"
      default: "status \(status.rawValue)"
      }
    throw CheckpointError(.unusable, subject: "oneDNN", fact: "\(call) failed: \(reason)")
  }
}

/// A description of an array for oneDNN: its logical shape and where each element lies.
struct MemoryLayoutDescription {
  var descriptor: dnnl_memory_desc_t

  /// Elements at strides.
  init(_ shape: [Int], strides: [Int]) throws(CheckpointError) {
    var descriptor = dnnl_memory_desc_t()
    let dims = shape.map { Int64($0) }
    let steps = strides.map { Int64($0) }
    try OneDNN.check(
      unsafe dnnl_memory_desc_init_by_strides(
        &descriptor, CInt(shape.count), dims, dnnl_f32, steps), "describing an array")
    self.descriptor = descriptor
  }

  /// Elements in C order.
  init(_ shape: [Int]) throws(CheckpointError) {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * max(shape[axis + 1], 1)
    }
    try self.init(shape, strides: strides)
  }

  /// An array whose arrangement a primitive chooses.
  static func any(_ shape: [Int]) throws(CheckpointError) -> MemoryLayoutDescription {
    var result = try MemoryLayoutDescription(shape)
    let dims = shape.map { Int64($0) }
    try OneDNN.check(
      unsafe dnnl_memory_desc_init_by_tag(
        &result.descriptor, CInt(shape.count), dims, dnnl_f32, dnnl_format_tag_any),
      "describing an array")
    return result
  }

  init(_ descriptor: dnnl_memory_desc_t) {
    self.descriptor = descriptor
  }

  /// The floats that the arrangement takes, padding included.
  var floatCount: Int {
    var copy = descriptor
    return (unsafe dnnl_memory_desc_get_size(&copy) + 3) / 4
  }

  func equals(_ other: MemoryLayoutDescription) -> Bool {
    var first = descriptor
    var second = other.descriptor
    return unsafe dnnl_memory_desc_equal(&first, &second) != 0
  }
}
