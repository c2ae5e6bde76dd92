"""The files of a project, and their changes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from pathspec import GitIgnoreSpec
from watchfiles import Change, DefaultFilter, watch
from watchfiles._rust_notify import WatchfilesRustInternalError

from cdktf_harness.system.errors import HarnessError

# Files that CDKTF and Terraform write in the working directory.
_TOOLS = ("cdktf.out/", "cdktf.log", ".terraform/", "*.tfstate*")
# An editor writes a file in several steps: changes within this time are one.
_TOGETHER_MS = 50
# After this time, a new watch is active.
_BEGIN_MS = 200


class ProjectFiles(DefaultFilter):
    """The files of the project in the folder `root` that are neither hidden nor ignored by its .gitignore."""

    def __init__(self, root: Path) -> None:
        super().__init__()
        self.root = root
        ignore = root / ".gitignore"
        lines = ignore.read_text().splitlines() if ignore.exists() else []
        self._ignored = GitIgnoreSpec.from_lines([*_TOOLS, *lines])

    def __call__(self, change: Change, path: str) -> bool:
        """Whether `path` is a file of the project."""
        return super().__call__(change, path) and self._has(Path(path))

    def folders(self) -> list[Path]:
        """Return the project's folder and all folders in it."""
        found = [self.root]
        for folder in found:
            # It may have been deleted since.
            with suppress(FileNotFoundError), os.scandir(folder) as entries:
                below = (Path(entry.path) for entry in entries if entry.is_dir(follow_symlinks=False))
                found += [path for path in below if self._has(path / "")]
        return found

    def changes(self) -> Iterator[set[Path]]:
        """Yield the relative paths of changed files, after each change.

        An empty set means that the watch is active, and that earlier changes are unknown. Raises HarnessError if the
        kernel allows no more watches.
        """
        try:
            yield from self._changes()
        except WatchfilesRustInternalError as error:
            raise HarnessError(
                f"the project's files cannot be watched ({error}): stop another program that watches files, or raise "
                "the kernel's limits (sysctl fs.inotify.max_user_instances fs.inotify.max_user_watches shows them)"
            ) from None

    def _changes(self) -> Iterator[set[Path]]:
        while self.root.exists():
            folders, watches = self.folders(), False
            # Folder by folder: a recursive watch would include ignored environments and caches.
            batches = watch(
                *folders,
                watch_filter=self,
                step=_TOGETHER_MS,
                rust_timeout=_BEGIN_MS,
                yield_on_timeout=True,
                recursive=False,
            )
            # A folder may have been deleted since they were listed.
            with suppress(FileNotFoundError):
                for batch in batches:
                    if batch or not watches:
                        yield {Path(path).relative_to(self.root) for _, path in batch}
                        watches = True
                        # There is a new folder, perhaps since they were listed. One may have the name of another.
                        if self.folders() != folders or any(Path(path) in folders for _, path in batch):
                            break

    def _has(self, path: Path) -> bool:
        relative = path.relative_to(self.root)
        hidden = any(part.startswith(".") for part in relative.parent.parts)
        if path.is_dir():
            hidden = hidden or relative.name.startswith(".")
        return not hidden and not self._ignored.match_file(f"{relative}/" if path.is_dir() else relative)
