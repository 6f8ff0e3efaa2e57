"""Numeric examples of where `--compat mergekit` differs, for docs/methods.md."""
