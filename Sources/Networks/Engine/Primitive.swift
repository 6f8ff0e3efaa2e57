internal import COneDNN
internal import Checkpoints
internal import Synchronization

/// A oneDNN computation for fixed shapes, made once and run many times.
///
/// Runs of one primitive must not overlap; networks run layer after layer on all threads, so they don't.
@safe
final class Primitive: @unchecked Sendable {
  private let descriptor: dnnl_primitive_desc_t
  private let primitive: dnnl_primitive_t
  private var memories: [Int32: dnnl_memory_t] = unsafe [:]

  /// What is done to results before they are stored.
  struct PostOperation {
    var algorithm: dnnl_alg_kind_t
    var alpha: Float
    var beta: Float
  }

  /// A primitive from an operation's description.
  ///
  /// - Throws: ``CheckpointError`` where oneDNN doesn't have it.
  convenience init(
    _ operation: UnsafeRawPointer, postOperation: PostOperation? = nil, name: String
  ) throws(CheckpointError) {
    var attributes: dnnl_primitive_attr_t?
    var operations: dnnl_post_ops_t?
    defer {
      unsafe dnnl_post_ops_destroy(operations)
      unsafe dnnl_primitive_attr_destroy(attributes)
    }
    if let postOperation {
      try OneDNN.check(unsafe dnnl_primitive_attr_create(&attributes), name)
      try OneDNN.check(unsafe dnnl_post_ops_create(&operations), name)
      try OneDNN.check(
        unsafe dnnl_post_ops_append_eltwise(
          operations, 1, postOperation.algorithm, postOperation.alpha, postOperation.beta), name)
      try OneDNN.check(unsafe dnnl_primitive_attr_set_post_ops(attributes, operations), name)
    }
    var descriptor: dnnl_primitive_desc_t?
    try OneDNN.check(
      unsafe dnnl_primitive_desc_create(&descriptor, operation, attributes, OneDNN.engine, nil),
      name)
    try unsafe self.init(owning: descriptor, name: name)
  }

  private init(owning descriptor: dnnl_primitive_desc_t?, name: String) throws(CheckpointError) {
    var primitive: dnnl_primitive_t?
    try OneDNN.check(unsafe dnnl_primitive_create(&primitive, descriptor), name)
    guard let descriptor = unsafe descriptor, let primitive = unsafe primitive else {
      throw CheckpointError(.unusable, subject: "oneDNN", fact: "\(name) gave nothing")
    }
    unsafe self.descriptor = unsafe descriptor
    unsafe self.primitive = unsafe primitive
  }

  /// A primitive that copies one arrangement of an array into another.
  convenience init(
    reordering from: MemoryLayoutDescription, to: MemoryLayoutDescription
  ) throws(CheckpointError) {
    var source = from.descriptor
    var target = to.descriptor
    var descriptor: dnnl_primitive_desc_t?
    try OneDNN.check(
      unsafe dnnl_reorder_primitive_desc_create(
        &descriptor, &source, OneDNN.engine, &target, OneDNN.engine, nil), "packing weights")
    try unsafe self.init(owning: descriptor, name: "packing weights")
  }

  deinit {
    unsafe memories.values.forEach { unsafe dnnl_memory_destroy($0) }
    unsafe dnnl_primitive_destroy(primitive)
    unsafe dnnl_primitive_desc_destroy(descriptor)
  }

  /// The arrangement that the primitive wants for an argument.
  func layout(_ argument: dnnl_query_t) -> MemoryLayoutDescription {
    guard let description = unsafe dnnl_primitive_desc_query_md(descriptor, argument, 0) else {
      return MemoryLayoutDescription(dnnl_memory_desc_t())
    }
    return unsafe MemoryLayoutDescription(description.pointee)
  }

  /// Runs it on arrays that lie as described.
  func run(
    _ arguments: [(argument: Int32, layout: MemoryLayoutDescription, array: FloatArray)]
  ) throws(CheckpointError) {
    var list: [dnnl_exec_arg_t] = unsafe []
    for (argument, layout, array) in arguments {
      let memory: dnnl_memory_t?
      if let known = unsafe memories[argument] {
        unsafe memory = unsafe known
      } else {
        var made: dnnl_memory_t?
        var description = layout.descriptor
        try OneDNN.check(
          unsafe dnnl_memory_create(&made, &description, OneDNN.engine, nil), "naming an array")
        unsafe memory = unsafe made
        unsafe memories[argument] = unsafe made
      }
      try OneDNN.check(unsafe dnnl_memory_set_data_handle(memory, array.pointer), "naming an array")
      unsafe list.append(unsafe dnnl_exec_arg_t(arg: argument, memory: memory))
    }
    try OneDNN.check(
      unsafe dnnl_primitive_execute(primitive, OneDNN.stream, CInt(list.count), list),
      "a computation")
    try OneDNN.check(unsafe dnnl_stream_wait(OneDNN.stream), "a computation")
  }
}
