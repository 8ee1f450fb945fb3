"""Benchmarks: one module a question, each prints ratios measured in one run."""
