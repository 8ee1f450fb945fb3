"""The prompt: a session at a terminal, or one whose input comes through a pipe."""
