"""Independent float64 references of every merge method; README.md is the specification."""
