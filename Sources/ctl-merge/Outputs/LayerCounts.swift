/// How many layers a template and the output that is put together from slices have.
struct LayerCounts {
  let template: Int?
  let output: Int?

  /// The keys by which configurations of Hugging Face tell the number of layers.
  private static let keys = ["num_hidden_layers", "num_layers", "n_layers", "n_layer"]

  /// A configuration's text with the output's number of layers where it tells the template's.
  func applied(to configuration: String) -> String {
    guard let template, let output, template != output else { return configuration }
    var text = configuration
    for key in LayerCounts.keys {
      // Only this number changes: the file stays as its author wrote it.
      guard let pattern = try? Regex("(\"\(key)\"\\s*:\\s*)\(template)(?![0-9.])") else { continue }
      text = text.replacing(pattern) { match in
        "\(match.output[1].substring ?? "")\(output)"
      }
    }
    return text
  }
}
