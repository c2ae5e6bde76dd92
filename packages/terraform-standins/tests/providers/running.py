"""Terraform and the bundled providers as running processes: starting them takes longer than most runs."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from cdktf_harness.terraform.terraform_daemon import ResidentTerraform
from terraform_standins.serving.kept import KeptProviders
from terraform_standins.variables import REATTACH


class Running:
    """Terraform and the providers in a folder; they are restarted if the environment changes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._terraform = ResidentTerraform(folder)
        self._providers: KeptProviders | None = None
        self._env: Mapping[str, str] = {}

    def run(self, env: Mapping[str, str], *arguments: str) -> tuple[int, str]:
        """Run a command; returns its exit code and its output."""
        if not self._providers or env != self._env:
            self.close()
            self._providers, self._env = KeptProviders(self.folder, env), dict(env)
        return self._terraform.run({**env, REATTACH: self._providers.address}, *arguments)

    def close(self) -> None:
        """Stop Terraform, then the providers."""
        self._terraform.close()
        if self._providers:
            self._providers.close()
            self._providers = None
