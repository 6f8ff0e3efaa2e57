import FoundationEssentials
import TestSupport
import Testing

/// A folder in which a test runs the built program.
struct Workbench {
  let folder: TestFolder
  private let environment: [String: String]

  init() throws {
    folder = try TestFolder()
    var variables = ProcessInfo.processInfo.environment
    variables["TMPDIR"] = folder.scratch
    variables["PATH"] = BuiltProgram.folder + ":" + (variables["PATH"] ?? "/usr/bin:/bin")
    variables["SAMPLES"] = Sample.folder
    variables["LC_ALL"] = "C"
    environment = variables
  }

  /// Runs the program in the folder.
  func run(
    _ arguments: [String], input: String = "/dev/null", setting variables: [String: String] = [:],
    deadline: Int = 120
  ) throws -> ProgramRun {
    try ProgramRun.run(
      [BuiltProgram.path] + arguments, in: folder.path,
      environment: environment.merging(variables) { $1 }, input: input, deadline: deadline)
  }

  /// Runs the program that probes in the folder.
  func probe(_ arguments: [String]) throws -> ProgramRun {
    try ProgramRun.run(
      [BuiltProgram.probe] + arguments, in: folder.path, environment: environment)
  }

  /// Runs the program in the folder.
  func run(_ arguments: String...) throws -> ProgramRun {
    try run(arguments)
  }

  /// Runs the program, which has to succeed.
  @discardableResult
  func done(
    _ arguments: String..., location: SourceLocation = #_sourceLocation
  ) throws -> ProgramRun {
    try done(arguments, location: location)
  }

  /// Runs the program, which has to succeed.
  @discardableResult
  func done(
    _ arguments: [String], location: SourceLocation = #_sourceLocation
  ) throws -> ProgramRun {
    let run = try run(arguments)
    try #require(run.code == 0, "\(arguments): \(run)", sourceLocation: location)
    return run
  }

  /// Starts the program and doesn't wait.
  func start(_ arguments: String...) throws -> RunningProgram {
    try RunningProgram([BuiltProgram.path] + arguments, in: folder.path, environment: environment)
  }

  /// Runs a script of bash with the program on the path and the samples' folder in `SAMPLES`.
  func shell(_ script: String, in place: String? = nil) throws -> ProgramRun {
    try ProgramRun.run(
      ["/bin/bash", "-c", "set -o pipefail\n" + script], in: place ?? folder.path,
      environment: environment)
  }

  /// Whether the folder holds these files and nothing else, and no temporary file is left.
  func holds(_ names: String...) throws -> Bool {
    let here = try folder.names
    let leftovers = try folder.leftovers
    return here == names.sorted() && leftovers.isEmpty
  }

  /// What the program says about a file.
  func inspect(_ file: String, stats: Bool = false) throws -> Inspection {
    let run = try run(["inspect", file, "--json"] + (stats ? ["--stats"] : []))
    try #require(run.code == 0, "\(file): \(run)")
    return try run.json()
  }

  /// Whether two checkpoints hold the same values.
  func areEqual(
    _ first: String, _ second: String, tolerance: Double = 0, excluding pattern: String? = nil
  ) throws -> Bool {
    let excluded = pattern.map { ["--exclude", $0] } ?? []
    let run = try run(["diff", first, second, "--tolerance", "\(tolerance)"] + excluded)
    try #require(run.code == 0 || run.code == 1, "\(run)")
    return run.code == 0
  }
}

/// The checkpoints that the repository ships.
enum Sample {
  static let folder = Repository.root + "/samples"

  static func mlp(_ name: String) -> String { "\(folder)/mlp/\(name).h5" }
  static func cnn(_ name: String) -> String { "\(folder)/cnn/\(name).h5" }
}

/// The files that h5py and Keras wrote for tests.
enum Vector {
  static let hdf5 = Repository.root + "/Formats/HDF5/Vectors"
  static let keras = Repository.root + "/Formats/Keras/Vectors"

  /// The checkpoints of a folder, by their paths.
  static func all(in folder: String) -> [String] {
    let names = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return names.filter { $0.hasSuffix(".h5") }.sorted().map { "\(folder)/\($0)" }
  }
}

extension ProgramRun {
  /// The JSON on standard output, its keys turned to camel case.
  func json<Value: Decodable>(_ type: Value.Type = Value.self) throws -> Value {
    let decoder = JSONDecoder()
    decoder.keyDecodingStrategy = .convertFromSnakeCase
    decoder.nonConformingFloatDecodingStrategy = .convertFromString(
      positiveInfinity: "inf", negativeInfinity: "-inf", nan: "nan")
    return try decoder.decode(Value.self, from: Data(output))
  }
}
