"""A project in one cloud, as its last deployment has left it: outputs, URL, answer."""

from __future__ import annotations

import copy
from collections.abc import Collection, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar, Self

from cdktf_harness.deployment.http_probe import PATIENCE_SECONDS, fetch
from cdktf_harness.project import environment
from cdktf_harness.project.project import TABLE, Project
from cdktf_harness.system import json_store
from cdktf_harness.system.deployment_lock import owned
from cdktf_harness.system.errors import HarnessError, NotDeployed
from cdktf_harness.system.progress import Steps

Outputs = Mapping[str, Mapping[str, Any]]


@dataclass
class Target:
    """The place of a project's stacks; all its files are in `folder`, stages side by side.

    `env` is the complete environment of the programs that deploy.
    """

    brought_up_by: ClassVar[str] = "up"
    """The harness's command that starts such a deployment."""

    project: Project
    folder: Path
    env: Mapping[str, str]
    steps: Steps = field(default_factory=Steps)
    by_stack: dict[str, Mapping[str, str]] = field(default_factory=dict, init=False)
    """Terraform's variables for single stacks, by name."""
    selected: str = field(default="", init=False)
    """The function of an app with several for which `named` and `setting` are; see `functions`."""

    def __post_init__(self) -> None:
        # An unknown value is an error in every command on a deployment, also in those that start no provider.
        environment.providers(self.project.providers)

    def owned(self) -> AbstractContextManager[None]:
        """Have the deployment for this command alone; where another one works on it, wait with a line."""
        return owned(self.folder, self.steps.say)

    @property
    def own(self) -> Path:
        """The folder of what a stage has of its own; `folder` if the project has no stages."""
        return self.folder / "stages" / self.project.stage if self.project.stage else self.folder

    def outputs(self) -> Outputs:
        """Return the last deployment's outputs, by stack and name. Raises NotDeployed if there was none."""
        outputs = self._kept_outputs()
        if outputs is None:
            raise self._not_deployed
        return outputs

    def _kept_outputs(self) -> Outputs | None:
        outputs: Outputs | None = json_store.read(self._outputs, _by_stack)
        return outputs

    def url(self) -> str:
        """Return the deployed URL: the output that the project's `url` names."""
        return str(self.named("url"))

    def named(self, key: str) -> Any:
        """Return the output that `key` of the project's table names. Raises HarnessError if there is none."""
        output = getattr(self.project, key)
        if not output:
            raise HarnessError(f'[{TABLE}] names no output for this: add `{key} = "STACK.OUTPUT"` to pyproject.toml')
        stack, _, name = output.partition(".")
        try:
            found = self.outputs()[stack][name]
            return found[self.selected] if self.selected and isinstance(found, dict) else found
        except KeyError:
            of = f" of function {self.selected}" if self.selected else ""
            up = self.project.command(self.brought_up_by)
            missing = f"there is no output {output!r}{of} (`{key}` in pyproject.toml)"
            raise NotDeployed(f"{missing}: if the last deployment failed, {up} completes it") from None

    def setting(self, key: str) -> str:
        """Return the setting that `key` of the project's table names, which may differ by `{function}`."""
        return str(getattr(self.project, key)).format(function=self.selected.replace("-", "_"))

    def functions(self, only: str = "") -> list[Self]:
        """Return this deployment for each function of the app, or for the one that `only` names.

        If the output `function` is a map, its keys name the functions. Raises HarnessError for an unknown name.
        """
        found = self.named("function")
        names = list(found) if isinstance(found, dict) else [found]
        if only and only not in names:
            raise no_function(only, names)
        if not isinstance(found, dict):
            return [self]
        return [self.of(name) for name in names if only in ("", name)]

    def of(self, name: str) -> Self:
        """Return this deployment for a function, whose name may be empty if the app has one."""
        one = copy.copy(self)
        one.selected = name
        return one

    def live_function(self) -> dict[str, str]:
        """Return the name of the function and its alias, if it has one, as arguments of the calls of Lambda."""
        alias = {"Qualifier": str(self.named("alias"))} if self.project.alias else {}
        return {"FunctionName": str(self.named("function")), **alias}

    def answer(self, patience: float = PATIENCE_SECONDS) -> str:
        """Return the answer to a GET of the URL, with the API key that the app has for it. Raises HarnessError."""
        key = self.named("api_key") if self.project.api_key else ""
        headers = {}
        if key:
            found = self.client("apigateway").get_api_key(apiKey=key, includeValue=True)
            headers = {"x-api-key": found["value"]}
        return fetch(self.url(), patience, headers)

    def check_deployed(self) -> None:
        """Raise NotDeployed if all was destroyed since the outputs were kept, as by CDKTF's command line alone."""
        raise NotImplementedError

    def prepare(self) -> None:
        """Check what commands need that only read, and compose `env`. Raises HarnessError."""
        raise NotImplementedError

    def client(self, service: str) -> Any:
        """Return a boto3 client for the cloud that the deployment is in. Raises HarnessError if there is none."""
        raise NotImplementedError

    @property
    def _not_deployed(self) -> NotDeployed:
        return NotDeployed(f"nothing is deployed; {self.project.command(self.brought_up_by)} does it")

    @property
    def _outputs(self) -> Path:
        return self.own / "outputs.json"


def no_function(name: str, known: Collection[str]) -> HarnessError:
    """Return the error of a `--function` that does not exist."""
    return HarnessError(f"there is no function {name!r}: name one of {', '.join(known) or 'none'}")


def _by_stack(content: Any) -> bool:
    return isinstance(content, dict) and all(isinstance(outputs, dict) for outputs in content.values())
