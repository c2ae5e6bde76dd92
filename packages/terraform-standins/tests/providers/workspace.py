"""Run Terraform in a folder."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from copy import deepcopy
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.cloud import Credentials
from terraform_standins.serving.kept import can_keep
from terraform_standins.serving.mirror import RELEASES
from terraform_standins.variables import KEEP_PROVIDERS

from .running import Running

TERRAFORM = (sys.executable, "-c", "from cdktf_harness.terraform.program import main; raise SystemExit(main())")
Json = dict[str, Any]
REGION = "eu-central-1"
# In the environment of the providers: a file with their report, see answers/sitecustomize.py.
ANSWERS = "TERRAFORM_STANDINS_TESTS_ANSWERS"


@dataclass(frozen=True)
class Workspace:
    """A folder with a configuration in Terraform's JSON, and Terraform in it.

    All methods that run a command write the configuration first if they are called with one.
    Commands use the running Terraform if there is one and the configuration allows it, else a new process each.
    """

    folder: Path
    env: dict[str, str]
    running: Running | None = None

    def write(self, **sections: Any) -> None:
        """Write the configuration, and keep a copy, so that a test can change its own."""
        providers = {r.name: {"source": f"{r.namespace}/{r.name}", "version": r.version} for r in RELEASES}
        used = {name.split("_")[0] for kind in ("resource", "data", "ephemeral") for name in sections.get(kind, {})}
        used |= set(sections.get("provider", {}))
        required = {name: providers[name] for name in used}
        config = {"terraform": {"required_providers": required}, **deepcopy(sections)}
        (self.folder / "main.tf.json").write_text(json.dumps(config))
        if not (self.folder / ".terraform").exists():
            self.run("init")

    def run(self, *arguments: str, codes: tuple[int, ...] = (0,)) -> str:
        """Run a command and return its output; fails the test if the exit code differs."""
        if self.running and can_keep(self.folder):
            code, output = self.running.run(self.env, f"-chdir={self.folder}", *arguments)
        else:
            code, output = self._run(*arguments)
        if code not in codes:
            pytest.fail(f"terraform {' '.join(arguments)} ended with {code}:\n{output}")
        return output

    def _run(self, *arguments: str) -> tuple[int, str]:
        done = subprocess.run(
            [*TERRAFORM, *arguments],
            cwd=self.folder,
            env=self.env,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout + done.stderr

    def plan(self, *options: str, **sections: Any) -> dict[str, Json]:
        """The changes of a plan, by address, without those that do nothing."""
        if sections:
            self.write(**sections)
        if "No changes." in self.run("plan", "-out=plan", *options):
            return {}
        plan = json.loads(self.run("show", "-json", "plan"))
        changes = {change["address"]: change["change"] for change in plan.get("resource_changes", ())}
        return {address: change for address, change in changes.items() if change["actions"] != ["no-op"]}

    def actions(self, *options: str, **sections: Any) -> dict[str, list[str]]:
        """The actions of a plan, by address."""
        return {address: change["actions"] for address, change in self.plan(*options, **sections).items()}

    def apply(self, **sections: Any) -> None:
        """Apply the configuration."""
        if sections:
            self.write(**sections)
        self.run("apply", "-auto-approve")

    def converge(self, **sections: Any) -> None:
        """Apply the configuration; the next plan is empty."""
        self.apply(**sections)
        if left := self.plan():
            pytest.fail(f"the next plan is not empty: {left}")

    def fails(self, *arguments: str, **sections: Any) -> str:
        """Run a command that must fail, and return its errors as one line."""
        if sections:
            self.write(**sections)
        return " ".join(self.run(*arguments, codes=(1,)).replace("│", " ").split())

    def state(self, address: str) -> Json:
        """The values of a resource in the state."""
        state = json.loads((self.folder / "terraform.tfstate").read_text())
        found = {f"{r['type']}.{r['name']}": r["instances"][0]["attributes"] for r in state["resources"]}
        values: Json = found[address]
        return values


def environment(mirror: Path, endpoint: str, credentials: Credentials) -> dict[str, str]:
    """Terraform's environment on an embedded cloud, without the user's variables."""
    env = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "TF_"))}
    return {
        **env,
        "TF_CLI_CONFIG_FILE": str(mirror),
        KEEP_PROVIDERS: "1",
        "CHECKPOINT_DISABLE": "1",
        "TF_CLI_ARGS": "-no-color",
        **credentials.environment,
        "AWS_REGION": REGION,
        "AWS_ENDPOINT_URL": endpoint,
        "PYTHONPATH": str(Path(__file__).parent / "answers"),
        ANSWERS: str(mirror.parent / "answers"),
    }


def unlisted_deviations(mirror: Path) -> set[str]:
    """How answers of the embedded cloud deviated from botocore's model, without what answers.toml lists."""
    log = mirror.parent / "answers"
    listed = tomllib.loads((Path(__file__).parent / "answers.toml").read_text())["deviations"]
    found = set(log.read_text().splitlines()) if log.exists() else set()
    return {one for one in found if not any(fnmatchcase(one, re.sub(r"\[", "[[]", pattern)) for pattern in listed)}


def imports(ids: dict[str, str]) -> Json:
    """The section that imports, by address and import id."""
    return {"import": [{"to": address, "id": import_id} for address, import_id in ids.items()]}


def changed(change: Json) -> set[str]:
    """The names of the known values that differ in a change."""
    return {name for name, value in change["after"].items() if change["before"][name] != value}
