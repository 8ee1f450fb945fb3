"""From text to syntax: sources, diagnostics, lexer, parser, printer."""
