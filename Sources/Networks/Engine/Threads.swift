#if os(Linux)
  internal import COneDNN
#else
  internal import Dispatch
#endif

/// The threads that networks compute on: oneDNN's, which our own loops share.
package enum Threads {
  /// Sets how many threads oneDNN and ``forEachRange(of:grain:_:)`` use; called once, before the first network.
  package static func use(_ count: Int) {
    #if os(Linux)
      omp_set_num_threads(CInt(clamping: max(1, count)))
    #endif
  }

  /// Does a loop's iterations on all threads, each thread a range of neighbours.
  ///
  /// The ranges depend on the number of threads; so a body must do each iteration alike wherever a range
  /// begins.
  ///
  /// - Parameters:
  ///   - count: The number of iterations.
  ///   - grain: The fewest iterations that are worth a thread.
  ///   - body: Does a range of them; called on several threads at once.
  package static func forEachRange(
    of count: Int, grain: Int = 1, _ body: @Sendable (Range<Int>) -> Void
  ) {
    guard count > 0 else { return }
    if count < 2 * grain { return body(0..<count) }
    #if os(Linux)
      let wanted = min(Int(omp_get_max_threads()), count / max(grain, 1))
      if wanted < 2 { return body(0..<count) }
      withoutActuallyEscaping(body) { body in
        var region = Region(count: count, body: body)
        // Safe: the region outlives the call, which returns when all threads are done.
        unsafe withUnsafeMutablePointer(to: &region) { pointer in
          unsafe GOMP_parallel(
            { data in
              guard let region = unsafe data?.assumingMemoryBound(to: Region.self) else { return }
              unsafe region.pointee.run(
                thread: Int(omp_get_thread_num()), of: Int(omp_get_num_threads()))
            }, pointer, UInt32(wanted), 0)
        }
      }
    #else
      let parts = min(8, count / max(grain, 1))
      DispatchQueue.concurrentPerform(iterations: parts) { part in
        Region(count: count, body: body).run(thread: part, of: parts)
      }
    #endif
  }

  /// A loop that is done by several threads.
  private struct Region {
    let count: Int
    let body: @Sendable (Range<Int>) -> Void

    func run(thread: Int, of threads: Int) {
      let range = count * thread / threads..<count * (thread + 1) / threads
      if !range.isEmpty { body(range) }
    }
  }
}
