"""Tests of yibaolang.analysis."""
