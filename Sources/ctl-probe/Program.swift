import ArgumentParser

/// `ctl-probe`: parse, call, print.
@main
struct Program: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "ctl-probe")
}
