"""Benchmarks of what a developer waits for: `make bench`, or `python -m benchmarks --help`."""
