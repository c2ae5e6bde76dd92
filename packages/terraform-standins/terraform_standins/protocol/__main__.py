"""`python -m terraform_standins.protocol` generates the Python messages of tfplugin.proto (needs grpcio-tools)."""

from __future__ import annotations

from pathlib import Path


def main() -> int:
    """Write tfplugin_pb2.py and .pyi next to the .proto; returns protoc's exit code."""
    from grpc_tools import protoc

    folder = Path(__file__).parent
    return int(
        protoc.main(
            [
                "protoc",
                f"-I{folder}",
                f"--python_out={folder}",
                f"--pyi_out={folder}",
                str(folder / "tfplugin.proto"),
            ]
        )
    )


if __name__ == "__main__":
    raise SystemExit(main())
