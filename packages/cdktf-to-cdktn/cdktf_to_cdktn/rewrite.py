"""Copy an app from CDK for Terraform to CDK Terrain, with the new package names."""

from __future__ import annotations

import shutil
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

from cdktf_to_cdktn import names

# Not copied: they pin the old packages.
LOCKS = {"Pipfile.lock", "package-lock.json", "poetry.lock", "uv.lock"}
_DEPENDENCY_FILES = ("package.json", "Pipfile", "pyproject.toml", "requirements*.txt")
# Not copied from an app that is not in git.
_IGNORED = {".git", ".venv", "venv", "node_modules", "__pycache__", "cdktf.out", ".terraform"}


class MoveError(Exception):
    """An app cannot be moved; the text is one line for the user."""


def find_app(start: Path) -> Path:
    """Return the folder of the app that `start` is in. Raises MoveError if there is none."""
    for folder in (start, *start.parents):
        if (folder / "cdktf.json").is_file():
            return folder
    raise MoveError(f"no cdktf.json in {start} or above it: run this inside a CDKTF project")


def move(root: Path, destination: Path) -> list[Path]:
    """Copy the cdktf app in `root` to the folder `destination` as a cdktn app; return the changed files.

    Packages in folders below are moved too if they depend on cdktf or its bindings. Other packages and other apps there
    are copied unchanged. Raises MoveError if `root` does not depend on cdktf, or `destination` is not empty.
    """
    if not _depends_on_cdktf(root):
        raise MoveError(f"{root} does not depend on cdktf: run this in a CDKTF project")
    if destination.exists() and (not destination.is_dir() or any(destination.iterdir())):
        raise MoveError(f"{destination} exists already: name a new folder")
    files = list(_sources(root))
    foreign = set(_foreign(root, files))
    changed = []
    for path in files:
        copy = destination / path
        own = foreign.isdisjoint(path.parents)
        if own and path.name in LOCKS:
            continue
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(root / path, copy, follow_symlinks=False)
        if own and _rewritten(copy):
            changed.append(path)
    return changed


def _foreign(root: Path, files: list[Path]) -> Iterator[Path]:
    """Yield the folders below `root` of other apps, and of packages without a dependency to rename."""
    for path in files:
        if path.parent != Path() and (
            path.name == "cdktf.json" or (path.name == "pyproject.toml" and not _package_to_rename(root / path))
        ):
            yield path.parent


def _package_to_rename(file: Path) -> bool:
    """Return whether the `dependencies` of a pyproject.toml have one to rename."""
    try:
        project = tomllib.loads(file.read_text()).get("project", {})
    except (OSError, ValueError) as error:
        raise MoveError(f"{file} cannot be read: {error}") from None
    return any(names.renamed_requirements(line) != line for line in project.get("dependencies", ()))


def _depends_on_cdktf(root: Path) -> bool:
    """Return whether one of the files with dependencies has one to rename."""
    files = [path for pattern in _DEPENDENCY_FILES for path in root.glob(pattern)]
    return any(_renaming(path)(path.read_text()) != path.read_text() for path in files)


def _sources(root: Path) -> Iterator[Path]:
    """Return the relative files of the app: those that git tracks or would add; without git, all but `_IGNORED`."""
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = (
        subprocess.run(command, cwd=root, capture_output=True, text=True, check=False) if shutil.which("git") else None
    )
    if listed and listed.returncode == 0 and listed.stdout:
        found: Iterator[Path] = (root / name for name in listed.stdout.split("\0") if name)
    else:
        found = (path for path in root.rglob("*") if _IGNORED.isdisjoint(path.relative_to(root).parts))
    return (path.relative_to(root) for path in found if path.is_file() or path.is_symlink())


def _rewritten(path: Path) -> bool:
    """Rename packages in the file `path`; return whether it changed."""
    if path.is_symlink():
        return False
    try:
        text = path.read_text()
    except UnicodeDecodeError:
        return False
    new = _renaming(path)(text)
    if new != text:
        path.write_text(new)
    return new != text


def _renaming(path: Path) -> Callable[[str], str]:
    if path.name == "package.json":
        return names.renamed_package
    if path.name in ("Pipfile", "pyproject.toml") or (path.name.startswith("requirements") and path.suffix == ".txt"):
        return names.renamed_requirements
    if path.suffix in (".py", ".pyi"):
        return names.renamed_python
    if path.suffix == ".json":
        return names.renamed_modules
    return names.renamed_text
