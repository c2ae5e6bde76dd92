"""The checks that a request must pass before it reaches the embedded AWS; everything is denied by default."""
