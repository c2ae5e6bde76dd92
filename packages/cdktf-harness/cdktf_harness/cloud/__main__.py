"""Run an embedded AWS alone: print its URL and credentials as variables, and stop it at Ctrl-C or SIGTERM."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from contextlib import suppress
from pathlib import Path

from cdktf_harness.cloud import Cloud, end_with_this_process
from cdktf_harness.system.errors import HarnessError
from terraform_standins.waiting import poll


def main() -> None:
    """Run until a signal arrives. Everything in the cloud is removed at the end."""
    parser = argparse.ArgumentParser(prog="python -m cdktf_harness.cloud", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="default: a free one")
    parser.add_argument("--region", default="us-east-1", help="default: %(default)s")
    options = parser.parse_args()
    if options.port not in range(1 << 16):
        parser.error(f"--port must be a number below {1 << 16}")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    end_with_this_process()
    with suppress(KeyboardInterrupt), tempfile.TemporaryDirectory() as folder:
        with Cloud(Path(folder), options.region).start(port=options.port) as cloud:
            print(*(f"export {name}={value}" for name, value in cloud.environment.items()), sep="\n", flush=True)
            process = cloud.process
            poll(lambda: not process or not process.alive, float("inf"), every=1)
            last = cloud.log.read_text(errors="replace").strip().splitlines()[-1:]
        raise HarnessError(f"the embedded cloud ended: {' '.join(last)}")


if __name__ == "__main__":
    try:
        main()
    except HarnessError as error:
        sys.exit(str(error))
