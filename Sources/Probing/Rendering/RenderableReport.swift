package import Reporting

/// A report in the four forms in which it leaves the program.
///
/// As JSON it is its `jsonView`, whose keys are those of the schema in `docs/probe.schema.json`.
package protocol RenderableReport: Sendable {
  /// What scripts read.
  associatedtype JSONView: Encodable

  /// The report under the keys of the schema; what is unknown is null.
  var jsonView: JSONView { get }

  /// A table for the terminal; its first line is the answer in words.
  func terminalText(_ style: TerminalStyle) -> String

  /// Comma-separated values in long form, one figure a line; see `CSVRow`.
  var csvText: String { get }

  /// One page of HTML that needs nothing but itself.
  var htmlText: String { get }
}

/// What each report gives for its forms.
protocol DocumentedReport: RenderableReport {
  var document: Document { get }
  var csvRows: [CSVRow] { get }
}

extension DocumentedReport {
  package func terminalText(_ style: TerminalStyle) -> String {
    Reporting.terminalText(document, style: style)
  }

  package var csvText: String { Probing.csvText(csvRows) }

  package var htmlText: String { HTMLPage(document: document).text }
}
