"""Writes the small real files in Formats/*/Vectors and what a reader must find in them."""
