"""Programs: the core made to run, plainly, with its reasons, or as Python source."""
