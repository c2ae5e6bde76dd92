"""Docker engine, emulation of other architectures and base images."""
