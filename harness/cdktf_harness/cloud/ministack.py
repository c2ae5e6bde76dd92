"""`python -m cdktf_harness.cloud.ministack` runs the embedded AWS with what the harness changes in it."""

from __future__ import annotations

import os

from ministack import app as upstream  # type: ignore[import-untyped]

from cdktf_harness.cloud import functions, pace


def main() -> None:
    """Run until a signal ends it."""
    functions.install(int(os.environ["GATEWAY_PORT"]))
    pace.install()
    upstream.main()


if __name__ == "__main__":
    main()
