"""Provide a Docker engine, emulation of another architecture and base images where they are missing."""
