"""`runtime.py RUNC EMULATOR ...` is the container runtime of an engine that runs functions as AWS Lambda does.

The image that is deployed to AWS has the runtime client only: Lambda has the interface that the client asks for work.
Here that is the emulator of the image for a laptop, in front of the image's own entry point.

Source: https://github.com/opencontainers/runtime-spec/blob/main/config.md
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

CLIENT = "awslambdaric"
_THERE = "/aws-lambda-rie"


def main(runc: str, emulator: str, arguments: list[str]) -> None:
    """Become `runc`."""
    if "create" in arguments and "--bundle" in arguments:
        put(Path(arguments[arguments.index("--bundle") + 1], "config.json"), emulator)
    os.execv(runc, [runc, *arguments])


def put(file: Path, emulator: str) -> None:
    """Put the emulator in front of the program, if that is a function's."""
    config = json.loads(file.read_text())
    program = config["process"]["args"]
    if CLIENT in program:
        program.insert(0, _THERE)
        mount = {"destination": _THERE, "source": emulator, "type": "bind", "options": ["bind", "ro"]}
        config["mounts"].append(mount)
        file.write_text(json.dumps(config))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], sys.argv[3:])
