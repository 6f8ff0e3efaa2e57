/// A chunk as h5py 3.16 (HDF5 2.0) stored it, read with `read_direct_chunk`.
struct FilterVector: Sendable, CustomStringConvertible {
  let name: String
  let elementSize: Int
  let count: Int
  let filters: [(id: Int, parameters: [UInt32])]
  /// The stored bytes in hexadecimal.
  let stored: String

  var description: String { "\(name) of \(count) x \(elementSize) bytes" }

  var storedBytes: [UInt8] {
    let digits = stored.utf8.map { UInt8($0 < 0x40 ? $0 - 0x30 : $0 - 0x57) }
    return stride(from: 0, to: digits.count, by: 2).map { digits[$0] << 4 | digits[$0 + 1] }
  }

  /// The elements that were written: runs that compress between bytes that don't.
  var elements: [UInt8] { FilterVector.elements(elementSize * count) }

  static func elements(_ byteCount: Int) -> [UInt8] {
    (0..<byteCount).map { i in
      UInt8(truncatingIfNeeded: i % 48 < 24 ? i * i / 7 + 3 * i : i % 3)
    }
  }

  static let all: [FilterVector] = [
    FilterVector(
      name: "deflate", elementSize: 4, count: 40, filters: [(1, [4])],
      stored:
        "785e636066e3e21312975154d331b2b077f30d8949c929ad6b9fc0c0c88415dd7cf59b47cec02934"
        + "a3ba6fd1b653f7bf70ca99782594f72dc55409412ec94d0b0f3c6050704c6a5e72ec05976e40f1b4"
        + "5df798d47d3055429053deec135f9502ead6dce6b2cc9871e20700572524cd"),
    FilterVector(
      name: "deflate level 0", elementSize: 1, count: 17, filters: [(1, [0])],
      stored:
        "7801011100eeff0003060a0e12171c21262c32383f464d540d57026a"),
    FilterVector(
      name: "shuffle, deflate", elementSize: 4, count: 40, filters: [(2, [4]), (1, [9])],
      stored:
        "78da63e053b4082965606402a29b7219db3813206c97038ec702ee41d84e5fd764300ba9d9c7d481"
        + "b90caf0caa4fc99543d8c90f925e143341d8794ab767b089ebb8a5b483b98cbf9dfaee9bf441d84d"
        + "0ccd5cd3d421ecd9015c27b8648c7c732640cce7095df4c56b2984bd506189ee2e1f08fb449de50f"
        + "003e4f24cd"),
    FilterVector(
      name: "shuffle", elementSize: 2, count: 31, filters: [(2, [2])],
      stored:
        "00060e17212c384654647587000201000201000201000201d9fb1e42688eb6030a121c26323f4d5c"
        + "6c7e90010002010002010002010002ea0c30557ba2ca"),
    FilterVector(
      name: "shuffle", elementSize: 8, count: 9, filters: [(2, [8])],
      stored:
        "002154000201d9680903265c010002ea7b1e062c64020100fb8e340a326c0002010ca24a0e387501"
        + "00021eb660123f7e02010030ca7717468700020142df8e1c4d9001000255f4a5"),
    FilterVector(
      name: "shuffle", elementSize: 3, count: 7, filters: [(2, [3])],
      stored:
        "000a1726384d64030e1c2c3f546c06122132465c75"),
    FilterVector(
      name: "fletcher32", elementSize: 1, count: 13, filters: [(3, [])],
      stored:
        "0003060a0e12171c21262c323893b0f2ba"),
    FilterVector(
      name: "fletcher32", elementSize: 4, count: 10, filters: [(3, [])],
      stored:
        "0003060a0e12171c21262c32383f464d545c646c757e879000010200010200010200010200010200"
        + "feb4f408"),
    FilterVector(
      name: "fletcher32", elementSize: 1, count: 1, filters: [(3, [])],
      stored:
        "0000000000"),
    FilterVector(
      name: "shuffle, deflate, fletcher32", elementSize: 4, count: 40,
      filters: [(2, [4]), (1, [6]), (3, [])],
      stored:
        "789c63e053b4082965606402a29b7219db3813206c97038ec702ee41d84e5fd764300ba9d9c7d481"
        + "b90caf0caa4fc99543d8c90f925e143341d8794ab767b089ebb8a5b483b98cbf9dfaee9bf441d84d"
        + "0ccd5cd3d421ecd9015c27b8648c7c732640cce7095df4c56b2984bd506189ee2e1f08fb449de50f"
        + "003e4f24cd749b917f"),
    FilterVector(
      name: "lzf", elementSize: 1, count: 600, filters: [(32000, [4, 261, 600])],
      stored:
        "1a0003060a0e12171c21262c32383f464d545c646c757e8790000102e00c0217d9eafb0c1e304255"
        + "687b8ea2b6cadff4091e344a60778ea5e00c2c201417446382a1c0e00020416283a4c6e80a2d5073"
        + "96bade02274c201ae00c0217426e9bc8f522507eacdb0a396898c8f8295a8bbcee205285e00c2c20"
        + "1417d20c4681bcf7326eaae623609dda185694d3125190d01050201ae00c0217f43c84cc155ea7f0"
        + "3a84ce1964affa4692de2b78c51260aee00c2c201417a9fe54aa0057ae055cb40c64bd166fc8227c"
        + "d6318ce7429e201ae00c0217f053b61a7ee247ac1176dc42a80f76dd44ac147ce54eb720e00c2c20"
        + "1417c93aab1c8e0072e558cb3eb2269a0f84f96ee45ad047be35201ae00c021734b332b130b030b0"
        + "31b233b436b83abd40c346ca4ed257dce00c2c20141732be4bd865f2800e9c2bba49d868f88819aa"
        + "3bcc5ef08215201ae00c0217c25cf6912cc762fe9a36d3700daa48e68423c26100a040e0e00c2c20"
        + "1417e48c34dc852ed7802ad47e29d47f2ad6822edb8835e2903e"),
    FilterVector(
      name: "shuffle, lzf", elementSize: 4, count: 40,
      filters: [(2, [4]), (32000, [4, 261, 160])],
      stored:
        "08000e21385475000102200205d91e68b60960200820020544c041c650de200820020942f5ac6803"
        + "12263f5c7e60260600ea307bca1e77800b0563e062e87302800b096e22db9806172c466487403507"
        + "0001fb428edf348e20082002058200830a962720082002099b500ac80a1c324d6c90205c2002050c"
        + "55a2f44aa52008200205a120a42dba4c2008200203c87e39f8"),
    FilterVector(
      name: "shuffle, lzf, fletcher32", elementSize: 8, count: 40,
      filters: [(2, [8]), (32000, [4, 261, 320]), (3, [])],
      stored:
        "08002154000201d9680920050244415020050242ac29200502d2aa94200502f43a9220050ca95c22"
        + "0003265c010002ea7b1e2005026362732005026edb5a2005020ce6d32005023c84de20050cfeb47c"
        + "01062c64020100fb8e342005028283962005029b0a8b20050246231220050284ce2b200506540cd6"
        + "020a326c2059020ca24a200502a1a4ba200502c839bc200502816051200502cc1978200506aa6431"
        + "000e38752059021eb660200501c0c6406502f568ee200b02bc9d902005021564c520050600bd8c01"
        + "123f7e20590230ca77200502e0e802200502229820200502f7dad02005015eaf407d065716e70217"
        + "468720590242df8e200502000a2720050250c852200502321810200502a7fa60200505ae6f42001c"
        + "4d405f0255f4a5205f02202d4c2005027ef8852005026e5650200502f046ae20050305c89e01bec8"
        + "2c77"),
  ]
}
