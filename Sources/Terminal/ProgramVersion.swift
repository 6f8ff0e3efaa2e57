/// The version that `--version` prints and that provenance records.
package let programVersion = "0.1.0"
