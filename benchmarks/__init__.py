"""How long a person waits: `make bench`, or `python -m benchmarks --help`."""
