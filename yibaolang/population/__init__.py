"""Populations: the same rules over columns."""
