"""The embedded AWS: its process, what goes before its services, and the way of functions to it."""
