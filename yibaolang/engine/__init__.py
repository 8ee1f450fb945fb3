"""Running rules for people: facts, figures, reasons."""
