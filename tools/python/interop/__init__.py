"""Checks the built program's outputs with the real Keras, h5py and NumPy."""
