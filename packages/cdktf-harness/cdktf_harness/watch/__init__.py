"""Deploy every change of a file."""
