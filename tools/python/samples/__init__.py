"""Makes the checkpoints and data sets in samples/ from scikit-learn's handwritten digits."""
