"""The command line: a module a command, imported when that command runs."""
