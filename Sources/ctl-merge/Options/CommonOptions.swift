import ArgumentParser
import Terminal

/// What every verb takes.
struct CommonOptions: ParsableArguments {
  @Flag(help: "Print the result as JSON on standard output.")
  var json = false

  @Flag(help: "Print nothing but results and errors.")
  var quiet = false

  @Option(help: ArgumentHelp("Threads to use (default: all cores).", valueName: "n"))
  var threads: Int = coreCount()

  func validate() throws {
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads: is \(threads); give a number from 1 to 1024")
    }
  }
}
