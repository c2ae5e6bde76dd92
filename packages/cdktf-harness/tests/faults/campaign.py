"""An app, the command line at work on it, and what has to be true afterwards."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import psutil
from commands.running import Command, at_work, until, write_app

from cdktf_harness.cloud import Cloud, Faults
from cdktf_harness.cloud.pid_file import MODULE

# What a process that a test kills is known by, among those that work in the app's folder.
TARGETS: dict[str, Callable[[list[str]], bool]] = {
    "terraform": lambda argv: any(part.endswith("/terraform") for part in argv[:3]) and "apply" in argv,
    "provider": lambda argv: "terraform_standins.serving.host" in argv,
    "cloud": lambda argv: MODULE in argv,
}


class Campaign:
    """An app of one stack, and its deployment by the command line; all is in `folder`."""

    def __init__(self, folder: Path, files: Mapping[str, str]) -> None:
        self.root, self.temporary = folder / "app", folder / "tmp"
        self.temporary.mkdir()
        write_app(self.root, files)
        self.local = self.root / ".cdktf-harness" / "local"
        (self.local / "cloud").mkdir(parents=True)
        self.cloud = Cloud(self.local / "cloud")
        self.faults = Faults(self.cloud.folder)

    def command(self, *arguments: str) -> Command:
        """Start the command line, with what it makes in a temporary folder of its own."""
        return Command(self.root, *arguments, TMPDIR=str(self.temporary))

    def run(self, *arguments: str) -> Command:
        """Run the command line to its end, which is a success."""
        command = self.command(*arguments)
        assert command.wait() == 0, command.output
        return command

    def process(self, target: str, command: Command | None = None) -> psutil.Process:
        """The process that a test wants to hit."""
        if command and target == "command":
            return psutil.Process(command.process.pid)
        # The last: Terraform is a child of one that waits for it.
        return until(lambda: list(self._processes(TARGETS[target])), f"process of {target}")[-1]

    def _processes(self, wanted: Callable[[list[str]], bool]) -> Iterator[psutil.Process]:
        for process in at_work(self.root):
            try:
                if wanted(process.cmdline()):
                    yield process
            except psutil.NoSuchProcess:
                continue

    def assert_quiet(self) -> None:
        """Nothing works on the deployment any more but its cloud."""
        until(lambda: not list(self._processes(lambda argv: MODULE not in argv)), "end of what worked")

    def assert_agreement(self) -> None:
        """The cloud has the things of the app, no other ones, and nothing is to be changed."""
        assert "No changes." in self.run("diff").output
        names = [
            *[group["logGroupName"] for group in self._client("logs").describe_log_groups()["logGroups"]],
            *[role["RoleName"] for role in self._client("iam").list_roles()["Roles"]],
            *[found["repositoryName"] for found in self._client("ecr").describe_repositories()["repositories"]],
        ]
        assert names in (["three"] * 3, ["imaged"] * 2)

    def assert_gone(self) -> None:
        """Nothing is left: no process, no file, none in the temporary folder."""
        until(lambda: not at_work(self.root), f"end of {at_work(self.root)}")
        assert not (self.root / ".cdktf-harness").exists()
        assert [path.name for path in self.temporary.iterdir()] == []

    def _client(self, service: str) -> Any:
        return self.cloud.client(service, region_name="eu-central-1")
