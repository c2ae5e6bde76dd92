"""Build and push images with the Docker engine's API, and read digests from registries."""

__all__ = ["build", "engine", "errors", "registry"]
