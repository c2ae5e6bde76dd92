"""Copy the CDKTF app in this folder to a new folder as a CDK Terrain app: python -m cdktf_to_cdktn NEW_FOLDER."""

from __future__ import annotations

import sys
from pathlib import Path

from cdktf_to_cdktn.rewrite import LOCKS, MoveError, find_app, move


def main(arguments: list[str]) -> int:
    """Copy the app, print the changed files, and return the exit code."""
    if len(arguments) != 1 or arguments[0].startswith("-"):
        print(__doc__)
        return 2
    destination = Path(arguments[0]).resolve()
    try:
        changed = move(find_app(Path.cwd()), destination)
    except MoveError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for path in sorted(changed):
        print(f"  {path}")
    print(f"{len(changed)} files changed in {destination}; not copied, create them again: {', '.join(sorted(LOCKS))}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
