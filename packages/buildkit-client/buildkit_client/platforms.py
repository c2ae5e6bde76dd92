"""The names of platforms in image manifests."""

_OTHER_NAMES = {"x86_64": "amd64", "aarch64": "arm64"}


def architecture(machine: str) -> str:
    """The name of an architecture in image manifests and in Go (`amd64`, `arm64`), from any of its names."""
    return _OTHER_NAMES.get(machine.lower(), machine.lower())
