"""A small app that makes three things, the command line at work on it, and what has to be true afterwards."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
from commands.running import Command, at_work, found, succeed, until, write_app

from cdktf_harness.cloud.embedded import EmbeddedCloud
from cdktf_harness.cloud.injected import Faults
from cdktf_harness.cloud.process import Cloud
from cdktf_harness.cloud.process_record import MODULE
from cdktf_harness.deployment.local import LocalDeployment
from cdktf_harness.docker import machine
from cdktf_harness.project.progress import Steps
from cdktf_harness.project.project import find
from cdktf_harness.synthesis.app import App
from cdktf_harness.terraform.run import Terraform

# Without bindings, whose import would take most of the time.
MAIN = """
import json
from cdktf import App, TerraformOutput, TerraformStack

trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
app = App()
stack = TerraformStack(app, "three")
stack.add_override("terraform.required_providers.aws", {"source": "hashicorp/aws", "version": "6.25.0"})
stack.add_override("provider.aws", [{"region": "eu-central-1"}])
for type_, arguments in {
    "aws_ecr_repository": {"name": "three", "force_delete": True},
    "aws_cloudwatch_log_group": {"name": "three", "retention_in_days": int(app.node.try_get_context("days"))},
    "aws_iam_role": {
        "name": "three", "assume_role_policy": json.dumps({"Version": "2012-10-17", "Statement": [trust]})
    },
}.items():
    stack.add_override(f"resource.{type_}.this", arguments)
TerraformOutput(stack, "days", value="${aws_cloudwatch_log_group.this.retention_in_days}")
app.synth()
"""
FILES = {
    "main.py": MAIN,
    "cdktf.json": '{"language": "python", "app": "python main.py", "projectId": "x", "context": {"days": 3}}',
    "pyproject.toml": '[tool.cdktf-harness]\nstacks = ["three"]\n',
}
# What a process that a test kills is known by, among those that work in the app's folder.
TARGETS: dict[str, Callable[[list[str]], bool]] = {
    "cdktf": lambda argv: "deploy" in argv and any(part.endswith("/cdktf") for part in argv[:3]) and "node" in argv[0],
    "terraform": lambda argv: any(part.endswith("/terraform") for part in argv[:3]) and "apply" in argv,
    "provider": lambda argv: "terraform_standins.serving.host" in argv,
    "cloud": lambda argv: MODULE in argv,
}


@dataclass
class Campaign:
    """An app of one stack in `root`, the small one by default, and its deployment by the command line."""

    root: Path
    temporary: Path
    files: Mapping[str, str] = field(default_factory=lambda: FILES)
    faults: Faults = field(init=False)

    def __post_init__(self) -> None:
        self.temporary.mkdir()
        write_app(self.root, self.files)
        self.local = self.root / ".cdktf-harness" / "local"
        (self.local / "cloud").mkdir(parents=True)
        self.faults = Faults(self.local / "cloud")

    def command(self, *arguments: str) -> Command:
        """Start the command line, with what it makes in a temporary folder of its own."""
        return Command(self.root, *arguments, TMPDIR=str(self.temporary))

    def run(self, *arguments: str) -> Command:
        """Run the command line to its end, which is a success."""
        return succeed(self.root, *arguments, TMPDIR=str(self.temporary))

    def apply(self) -> None:
        """Apply the app as `watch` does: without CDKTF's command line, which takes most of the time of a test."""
        deployment = LocalDeployment(find(self.root), self.local, steps=Steps(quiet=True))
        deployment.start()
        synthesis = App(deployment.project).synthesize(deployment.out, env=deployment.env)
        with deployment.applying(), closing(Terraform(deployment.env, deployment.steps)) as terraform:
            for stack in synthesis.values():
                deployment.apply(stack, terraform)

    def change(self, days: int) -> None:
        """Change the app: other days of retention."""
        (self.root / "cdktf.json").write_text(FILES["cdktf.json"].replace('"days": 3', f'"days": {days}'))

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

    @property
    def cloud_pid(self) -> int:
        """The number of the cloud's process."""
        return int(json.loads((self.local / "cloud" / "cloud.json").read_text())["pid"])

    def assert_quiet(self) -> None:
        """Nothing works on the deployment any more but its cloud."""
        until(lambda: not list(self._processes(lambda argv: MODULE not in argv)), "end of what worked")

    def assert_nothing_to_change(self) -> None:
        """What is deployed is what the stack wants."""
        # Terraform alone: CDKTF's command line takes most of the time of a test.
        env = {**os.environ, **LocalDeployment(find(self.root), self.local).own_env, "TMPDIR": str(self.temporary)}
        (stack,) = self.local.glob("*/stacks/*")
        plan = subprocess.run(
            ["terraform", "plan", "-detailed-exitcode", "-input=false", "-no-color"],
            cwd=stack,
            env=env,
            capture_output=True,
            text=True,
        )
        assert plan.returncode == 0, plan.stdout + plan.stderr

    def assert_agreement(self) -> None:
        """State and cloud hold the same three things, and nothing is to be changed."""
        self.assert_nothing_to_change()
        (state,) = found(self.local, "terraform.three.tfstate")
        resources = {entry["type"] for entry in json.loads(state.read_text())["resources"]}
        assert resources == {"aws_ecr_repository", "aws_cloudwatch_log_group", "aws_iam_role"}
        names = [
            *[group["logGroupName"] for group in self._client("logs").describe_log_groups()["logGroups"]],
            *[role["RoleName"] for role in self._client("iam").list_roles()["Roles"]],
            *[found["repositoryName"] for found in self._client("ecr").describe_repositories()["repositories"]],
        ]
        assert names == ["three"] * 3

    def assert_gone(self) -> None:
        """Nothing is left: no process, no file, none in the temporary folder, no note in the user's cache."""
        until(lambda: not at_work(self.root), f"end of {at_work(self.root)}")
        assert not (self.root / ".cdktf-harness").exists()
        assert [path.name for path in self.temporary.iterdir()] == []
        noted = machine.cache().glob("*/**/*.json")
        assert [path for path in noted if str(self.local) in path.read_text()] == []

    def _client(self, service: str) -> Any:
        return EmbeddedCloud(Cloud(self.local / "cloud"), "eu-central-1").client(service)
