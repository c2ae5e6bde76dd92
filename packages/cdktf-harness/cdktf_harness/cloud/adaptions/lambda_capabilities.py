"""Lambda: a function's container has no capabilities, and gets none by a program of another user.

ministack 1.5.33 reads the flags for `docker run` itself, and ignores `--cap-drop` as it does any flag that it does not
know (lambda_svc.py, 4181).
"""

from __future__ import annotations

from typing import Any

from ministack.services import lambda_svc  # type: ignore[import-untyped]


def install() -> None:
    """Drop them for each container."""
    parse = lambda_svc._parse_docker_flags

    def parse_and_drop(flags: str) -> dict[str, Any]:
        return {**parse(flags), "cap_drop": ["ALL"], "security_opt": ["no-new-privileges"]}

    lambda_svc._parse_docker_flags = parse_and_drop
