package import ArgumentParser

/// What every verb takes.
package struct CommonOptions: ParsableArguments {
  /// Whether the result is printed as JSON.
  @Flag(help: "Print the result as JSON on standard output.")
  package var json = false

  /// Whether only results and errors are printed.
  @Flag(help: "Print nothing but results and errors.")
  package var quiet = false

  /// The number of threads.
  @Option(help: ArgumentHelp("Threads to use (default: all cores).", valueName: "n"))
  package var threads: Int = coreCount()

  /// Options at their defaults.
  package init() {}

  /// Judges the number of threads.
  package func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads: is \(threads); give a number from 1 to 1024")
    }
  }
}
