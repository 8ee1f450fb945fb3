"""Checks before anything runs: what cannot be meant, and who is left out or counted twice."""
