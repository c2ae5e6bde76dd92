"""Constructs for a REST API on Lambda from a container image, each in a module of its own."""
