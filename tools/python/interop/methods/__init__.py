"""Checks of the merge methods against tools/oracle and against mergekit."""
