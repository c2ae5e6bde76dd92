"""The embedded cloud of a local deployment: its start, its end, and what commands say about it."""

from __future__ import annotations

import contextlib
import shutil
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import Cloud, remove_leftovers, running_clouds
from cdktf_harness.deployment.local.states import States
from cdktf_harness.project import environment
from cdktf_harness.project.project import Project
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.system.processes import Process
from cdktf_harness.system.programs import TAIL_LINES
from cdktf_harness.system.progress import Steps

_KILL_SECONDS = 10.0


class OwnCloud:
    """The cloud in the folder of a deployment; `up` is the command that starts it."""

    def __init__(self, project: Project, folder: Path, steps: Steps, up: str) -> None:
        self.server = Cloud(folder / "cloud")
        self._folder = folder
        self._project = project
        self._steps = steps
        self._up = up
        self._warned = False

    def check_folder(self) -> None:
        """Raise HarnessError if the folder is a copy: its cloud, containers and images are those of the original."""
        if original := self.server.original:
            down = self._project.command("down")
            raise HarnessError(
                f"{self._folder} is a copy of the deployment in {original.parent}: "
                f"run {down}, then {self._up}, to create its own"
            )

    def check(self) -> None:
        """Raise HarnessError if the cloud does not run, or is another deployment's; warn if it is outdated."""
        self.check_folder()
        if not self.server.process or not self.server.process.alive:
            raise HarnessError(f"the embedded cloud does not run; {self._up} starts it again")
        if not self._warned and self.server.outdated:
            self._warned = True
            self._steps.say(
                f"warning: the embedded cloud runs an outdated version of the harness; {self._up} restarts it"
            )

    def start(self, port: int, states: States) -> None:
        """Start the cloud, or use the running one, empty if it does not match the states."""
        say = self._steps.say
        if self._runs_without_folder:
            say("  cleaning up after a deployment that was deleted manually")
            self._remove_content()
        if self.server.process and not self.server.process.alive:
            say("  the embedded cloud was killed: changes since its last clean shutdown are re-created")
            states.forgive()
        if reason := states.mismatch():
            others = [stage for stage in states.stages() if stage and stage != self._project.stage]
            also = f", without the other stages: deploy {' and '.join(others)} again" if others else ""
            say(f"  {reason}: starting from an empty cloud{also}")
            self._remove_content(self._content)
            self.server.empty()
            states.clear()
        if self.server.outdated:
            say("  the embedded cloud runs an outdated version of the harness: restarting it with its content")
        with self._steps.step("Embedded cloud"):
            self.server.start(
                port=port, services=self._project.services, forks=environment.forks(self._project.providers)
            )
        if states.pair():
            say("  the embedded cloud does not have this deployment any more: everything will be re-created")

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Say so if a command fails because the cloud has ended."""
        try:
            yield
        except CommandFailed as failure:
            if not self.server.process or self.server.process.alive:
                raise
            last = self.server.log.read_text(errors="replace").splitlines()[-TAIL_LINES:]
            raise CommandFailed(
                f"the embedded cloud ended (its log: {self.server.log}); {self._up} starts it again and continues",
                tail="\n".join(last),
                output=failure.output,
            ) from None

    def remove(self) -> None:
        """Stop the cloud and remove all of the deployment: containers, images, files.

        Raises HarnessError that names what could not be removed; a second call tries again.
        """
        if not self._folder.exists() and not self._runs_without_folder:
            self._steps.say("Nothing is up")
            return
        copy = self.server.original is not None
        if copy:
            self._steps.say("  the folder is a copy: its embedded cloud, containers and images belong to the original")
        with self._steps.step("Folder removed" if copy else "Embedded cloud, its containers and images removed"):
            if not copy:
                self.server.stop()
            # The folder last: it says what else there is.
            if left := self._cleaned_up(*([] if copy else [self._content])) or _remove_folder(self._folder):
                down = self._project.command("down")
                raise HarnessError(f"could not remove {', '.join(left)}; fix that, then run {down} again")

    @property
    def _runs_without_folder(self) -> bool:
        return not self.server.folder.exists() and any(running_clouds(self.server.folder))

    @property
    def _content(self) -> tuple[str, str]:
        """What the cloud has in the engine: the label of its containers, host and port of its images."""
        return self.server.instance, self.server.registry

    def _cleaned_up(self, *content: tuple[str, str]) -> list[str]:
        """Kill the clouds that run in the folder, and remove what they have in the engine, and the `content`.

        The folder may have been removed. Return what could not be removed, and why; for an app without images, an
        engine that does not answer has none of them.
        """
        left, clouds = list[str](), set(content)
        for entry in running_clouds(self.server.folder):
            # Kill it: a clean end would write its state.
            if process := Process.recorded(entry):
                process.stop(signal.SIGKILL, seconds=_KILL_SECONDS)
            clouds.add((f"{entry['host']}:{entry['port']}", f"localhost:{entry['port']}"))
        try:
            for instance, registry in clouds:
                left += remove_leftovers(instance=instance, registry=registry)
        except HarnessError as error:
            if self._project.architecture:
                left.append(f"containers and images in the Docker engine ({error})")
        return left

    def _remove_content(self, *content: tuple[str, str]) -> None:
        if left := self._cleaned_up(*content):
            self._steps.say(f"  could not remove {', '.join(left)}")


def _remove_folder(folder: Path) -> list[str]:
    """Remove a folder with its content; return what could not be removed, and why."""
    left: list[str] = []

    def note(function: object, path: str, error: Any) -> None:
        if not isinstance(error[1], FileNotFoundError):
            left.append(f"{path} ({error[1].strerror})")

    shutil.rmtree(folder, onerror=note)
    return left[:1] + ([f"{len(left) - 1} more files"] if left[1:] else [])
