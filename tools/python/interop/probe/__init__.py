"""Checks ctl-probe's figures against NumPy's float64 on features that Keras computes."""
