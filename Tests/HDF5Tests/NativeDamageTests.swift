import Checkpoints
import TestSupport
import Testing

@testable import HDF5

/// The native survey of damaged files: it agrees with the worker or leaves the file to it.
struct NativeDamageTests {
  /// A file that is damaged, by its path below the formats' folder, and how often.
  static let cases: [(path: String, count: Int)] = [
    ("HDF5/Vectors/nonfinite.h5", 80), ("HDF5/Vectors/tied.h5", 80),
    ("HDF5/Vectors/version-1.8.h5", 80), ("HDF5/Vectors/version-1.10.h5", 80),
    ("HDF5/Vectors/chunked.h5", 60), ("HDF5/Vectors/attributes.h5", 60),
    ("HDF5/Vectors/dense.h5", 80), ("HDF5/Vectors/matlab.h5", 60),
    ("Keras/Vectors/keras2-weights.h5", 60), ("Keras/Vectors/keras3-weights.h5", 60),
  ]

  /// The same damage in every run.
  private struct Generator: RandomNumberGenerator {
    var state: UInt64

    /// Knuth's linear congruence, of which the upper bits are good; then a finaliser (MurmurHash3).
    mutating func next() -> UInt64 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let mixed = (state ^ state >> 33) &* 0xFF51_AFD7_ED55_8CCD
      return mixed ^ mixed >> 33
    }
  }

  @Test(arguments: cases)
  func bothAgreeOrOursRefuses(path: String, count: Int) throws {
    Fixtures.serve()
    let original = try Fixtures.bytes(of: InputFile.open("\(Repository.root)/Formats/\(path)"))
    var generator = Generator(state: UInt64(original.count))
    try Fixtures.withFolder { folder in
      for trial in 0..<count {
        var bytes = original
        for _ in 0..<Int.random(in: 1...3, using: &generator) {
          let place = Int.random(in: 0..<bytes.count, using: &generator)
          bytes[place] ^= UInt8.random(in: 1...255, using: &generator)
        }
        if trial % 20 == 19 {
          bytes.removeLast(Int.random(in: 1..<bytes.count, using: &generator))
        }
        try Self.compare(Fixtures.file(bytes, at: "\(folder)/x.h5"), "\(path), trial \(trial)")
      }
    }
  }

  /// Compares both surveys where the native one accepts the file.
  private static func compare(_ file: InputFile, _ title: String) throws {
    let native: HDF5Tree
    do {
      native = try NativeComparison.native(file).get()
    } catch {
      return
    }
    let difference = NativeComparison.difference(native, try NativeComparison.worker(file))
    #expect(difference == nil, "\(title)")
  }

  /// Every byte flipped in turn (of larger files every seventh or so): a tree or not, never a trap
  /// or a hang.
  @Test(arguments: [
    ("nonfinite", 1), ("tied", 7), ("version-1.8", 3), ("version-1.10", 7), ("dense", 31),
    ("growing", 61),
  ])
  func everyFlippedByteIsSurvived(name: String, step: Int) throws {
    let original = try Fixtures.bytes(of: Fixtures.open("\(name).h5"))
    let clock = ContinuousClock()
    var understood = 0
    try Fixtures.withFolder { folder in
      for index in stride(from: 0, to: original.count, by: step) {
        var bytes = original
        bytes[index] ^= 0xFF
        let file = try Fixtures.file(bytes, at: "\(folder)/x.h5")
        let begin = clock.now
        if case .success? = try? NativeComparison.native(file) { understood += 1 }
        #expect(clock.now - begin < .seconds(5), "byte \(index)")
      }
    }
    // Flips of values don't matter, flips of what leads to them do.
    #expect(understood > 0 && understood < original.count / step)
  }

  /// A budget bounds the work where pointers lead to the same bytes again and again.
  @Test func circlesEnd() throws {
    let file = try Fixtures.open("nonfinite.h5")
    let metadata = MetadataFile(file, base: 0, limit: file.size)
    #expect(throws: NotUnderstood.self) {
      while true { _ = try metadata.window(at: 0, count: file.size) }
    }
    try metadata.claim(1)
    #expect(throws: NotUnderstood.self) { try metadata.claim(1) }
  }

  @Test func windowsEndWhereTheFileEnds() throws {
    let file = try Fixtures.open("nonfinite.h5")
    let metadata = MetadataFile(file, base: 512, limit: file.size)
    let size = UInt64(file.size)
    for (address, count) in [(size - 512, 1), (size, 1), (.max, 1), (.max - 511, 1), (0, .max)] {
      #expect(throws: NotUnderstood.self) { try metadata.window(at: address, count: count) }
    }
    var last = try metadata.window(at: size - 513, count: 1)
    _ = try last.byte()
    #expect(throws: NotUnderstood.self) { try last.byte() }
    #expect(throws: NotUnderstood.self) { try last.skip(-1) }
  }

  /// Values of the reference implementation's own documentation (`driver5`).
  @Test func lookup3MatchesItsReference() {
    #expect(Lookup3.hash([]) == 0xDEAD_BEEF)
    #expect(Lookup3.hash(Array("Four score and seven years ago".utf8)[...]) == 0x1777_0551)
  }
}
