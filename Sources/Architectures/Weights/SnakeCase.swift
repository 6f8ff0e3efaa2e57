/// A class name as Keras names groups of a `.weights.h5` after it: `Conv2D` becomes `conv2d`,
/// `BatchNormalization` `batch_normalization`, `MyLSTM` `my_lstm`.
///
/// The package of a registered class (`package>Class`) is no part of its name. Source: `to_snake_case` of
/// `naming.py`: an underscore in front of a capital with small letters behind it, then one between a
/// small letter and a capital.
package func snakeCase(className: String) -> String {
  let plain = className.split(separator: ">").last.map(String.init) ?? className
  let letters = plain.unicodeScalars.filter { isWord($0) }
  let split = separated(Array(letters)) { before, letter, after in
    before != nil && isCapital(letter) && after.map(isSmall) == true
  }
  let twice = separated(split) { before, letter, _ in
    before.map(isSmall) == true && isCapital(letter)
  }
  var text = String.UnicodeScalarView()
  text.append(contentsOf: twice)
  return String(text).lowercased()
}

private func separated(
  _ letters: [Unicode.Scalar],
  _ isBoundary: (Unicode.Scalar?, Unicode.Scalar, Unicode.Scalar?) -> Bool
) -> [Unicode.Scalar] {
  var result: [Unicode.Scalar] = []
  for (index, letter) in letters.enumerated() {
    let before = index > 0 ? letters[index - 1] : nil
    let after = index + 1 < letters.count ? letters[index + 1] : nil
    if isBoundary(before, letter, after) { result.append("_") }
    result.append(letter)
  }
  return result
}

private func isCapital(_ letter: Unicode.Scalar) -> Bool { ("A"..."Z").contains(letter) }
private func isSmall(_ letter: Unicode.Scalar) -> Bool { ("a"..."z").contains(letter) }
private func isWord(_ letter: Unicode.Scalar) -> Bool {
  letter == "_" || letter.properties.isAlphabetic || letter.properties.numericType != nil
}
