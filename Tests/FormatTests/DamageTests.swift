import Checkpoints
import FormatRegistry
import Merging
import TestSupport
import Testing

/// Damaged files of the formats that are read here: whatever byte is wrong, a sentence or a
/// checkpoint comes of it, never the end of the program.
struct DamageTests {
  static let files = [
    "NumPy/Vectors/streamed.npz", "NumPy/Vectors/deflated.npz", "NumPy/Vectors/objects.npz",
    "NumPy/Vectors/fortran.npy", "Safetensors/Vectors/model.safetensors",
    "Keras/Vectors/keras3-sgd.keras", "PyTorch/Vectors/state.pt",
    "GGUF/Vectors/model.gguf",
  ]

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func content(_ name: String) throws -> [UInt8] {
    try FlatFile.bytes(of: InputFile.open(Vectors.path(name)))
  }

  /// Every byte of small files; of larger ones two hundred, as each may cost a worker process.
  private func step(_ bytes: [UInt8]) -> Int { bytes.count < 5000 ? 1 : bytes.count / 200 }

  /// Opens and reads everything; the problems that a verification finds.
  private func problems(_ bytes: [UInt8]) throws -> Int {
    let file = try FlatFile.file(bytes, at: folder.file("x"))
    let checkpoint = try CheckpointFormats.open(file)
    return try Verification(checkpoint, threads: 1).problems.count
  }

  @Test(arguments: files)
  func aFileCutAtAnyLengthIsRefused(name: String) throws {
    let bytes = try content(name)
    for count in stride(from: 0, to: bytes.count, by: step(bytes)) {
      let error = #expect(throws: CheckpointError.self, "\(count) bytes") {
        try self.problems(Array(bytes[..<count]))
      }
      #expect(error?.kind == .unusable && error?.file == folder.file("x"))
    }
  }

  @Test(arguments: files)
  func aFlippedByteIsSurvived(name: String) throws {
    let bytes = try content(name)
    var generator = SeededGenerator(seed: 17)
    for place in stride(from: 0, to: bytes.count, by: step(bytes)) {
      var spoilt = bytes
      spoilt[place] ^= UInt8.random(in: 1...255, using: &generator)
      do {
        _ = try problems(spoilt)
      } catch let error as CheckpointError {
        #expect(error.kind == .unusable && !error.fact.isEmpty, "byte \(place)")
      }
    }
  }

  /// Several bytes at once, and ranges moved: sizes that agree with each other by accident.
  @Test(arguments: files)
  func randomDamageIsSurvived(name: String) throws {
    let bytes = try content(name)
    var generator = SeededGenerator(seed: 29)
    for _ in 0..<(bytes.count < 5000 ? 300 : 30) {
      var spoilt = bytes
      for _ in 0..<Int.random(in: 2...6, using: &generator) {
        spoilt[Int.random(in: 0..<bytes.count, using: &generator)] =
          [0, 1, 0x7F, 0x80, 0xFF][
            Int.random(in: 0..<5, using: &generator)]
      }
      if Bool.random(using: &generator) {
        let start = Int.random(in: 0..<bytes.count, using: &generator)
        spoilt.removeSubrange(
          start..<min(bytes.count, start + Int.random(in: 1...40, using: &generator)))
      }
      do {
        _ = try problems(spoilt)
      } catch let error as CheckpointError {
        #expect(error.kind == .unusable && !error.fact.isEmpty)
      }
    }
  }
}
