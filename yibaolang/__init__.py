"""Yibao: the rules of medical insurance accounts as sentences."""
