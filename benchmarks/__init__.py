"""What measures and draws what README shows: `make bench`, or `python -m benchmarks --help`."""
