"""The meaning of sentences: values, dates, rounding, names, types and plans."""
