"""Tests of yibaolang.language."""
