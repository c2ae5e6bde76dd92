"""A Docker engine, emulation of another architecture and base images, made ready where they are missing."""
