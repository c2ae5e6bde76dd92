"""The real providers from a mirror that the user's own Terraform configuration names."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from inner_run import passed

from .conftest import harness, write
from .mirrors import network_mirror

APP = """
synth({"one": {
    "terraform": {"required_providers": {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}},
    "provider": {"aws": [{"region": "eu-central-1"}]},
    "resource": {"aws_cloudwatch_log_group": {"group": {"name": "one"}}},
    "output": {"name": {"value": "${aws_cloudwatch_log_group.group.name}"}},
}})
"""

HELP = ": connect to the network, or name a mirror that has it in the file of TF_CLI_CONFIG_FILE"
# Initialises the stack in the folder that is its argument.
INITIALISE = """
import json, os, sys
from pathlib import Path
from cdktf_harness.project import environment
from cdktf_harness.synthesis.stacks import Stack
from cdktf_harness.terraform.run import Terraform
folder = Path(sys.argv[1])
stack = Stack("one", folder, (), json.loads((folder / "cdk.tf.json").read_text()), folder, {})
Terraform({**os.environ, **environment.real_providers()}).run(stack, "providers")
"""

# What follows the region in the configuration of a provider for another emulator.
EMULATOR = '"eu-central-1", "access_key": "mock", "secret_key": "mock", "endpoints": [{"logs": "http://localhost:1"}]'


@pytest.fixture(autouse=True)
def cache(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """A plug-in cache for each test: that of a user must not have these providers."""
    monkeypatch.setenv("TF_PLUGIN_CACHE_DIR", str(tmp_path_factory.mktemp("plugins")))


@pytest.fixture
def project(project: Path) -> Path:
    """An app of a stack that needs the AWS provider."""
    return write(project, APP, "one")


def test_the_bundled_providers_accept_any_version(project: Path) -> None:
    """One line tells another major version, whose arguments are rejected by name; then the cloud keeps running.

    Endpoints and credentials of another emulator are not used.
    """
    main = project / "main.py"
    main.write_text(main.read_text().replace("6.25.0", "~> 4.33").replace('"eu-central-1"', EMULATOR))
    note = "  stack one requires hashicorp/aws ~> 4.33; the bundled one has the arguments of 6.25.0\n"
    try:
        done = harness(project, "up")
        assert (done.returncode, done.stderr.count(note)) == (0, 1), done.stderr
        main.write_text(main.read_text().replace('"name": "one"', '"name": "one", "old": 1'))
        failed = harness(project, "up")
    finally:
        harness(project, "down")
    assert failed.returncode == 1
    assert "\nThe embedded cloud keeps running; `cdktf-harness down` removes it\n" in failed.stderr
    assert failed.stderr.splitlines()[-1] == (
        "error: terraform apply of stack one: Extraneous JSON object property: hashicorp/aws 6.25.0, which is bundled, "
        "has no aws_cloudwatch_log_group.old; remove it, or use --providers registry "
        "(aws_cloudwatch_log_group.group)"
    )


def test_commands_take_providers_from_a_network_mirror(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Each once for all stacks, and without a request to Terraform's registry, which many networks block.

    Here utility providers, with the constraints of an app that names none. Later commands have the same ones,
    in a shell without these variables, too; another choice is refused.
    """
    zipped = {"type": "zip", "output_path": "a.zip", "source_content": "a", "source_content_filename": "a"}
    both = "'resource': {'null_resource': {'a': {}}}"
    data = f"'data': {{'archive_file': {{'a': {zipped}}}}}"
    write(project, f"synth({{'one': {{{both}}}, 'two': {{{both}, {data}}}}})\n", "one", "two")
    with network_mirror(tmp_path_factory.mktemp("network")) as (configuration, certificate, asked):
        named = os.path.relpath(configuration, project)
        env = {"PROVIDERS": "registry", "TF_CLI_CONFIG_FILE": named, "SSL_CERT_FILE": str(certificate)}
        try:
            done = harness(project, "up", **env)
            later = harness(project, "diff", PROVIDERS="", TF_CLI_CONFIG_FILE="/another")
            bundled = harness(project, "diff", PROVIDERS="bundled")
        finally:
            harness(project, "down")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == {"one": {}, "two": {}}
    assert [path.endswith(".zip") for path in asked].count(True) == 2
    assert later.returncode == 0, later.stderr
    assert bundled.stderr == (
        "error: PROVIDERS=bundled: the deployment has the registry providers; unset PROVIDERS, or run "
        "`cdktf-harness up` with it\n"
    )


def test_providers_that_are_not_found_are_reported(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """A mirror has another version, or a registry cannot be reached; with what helps."""
    aws = APP.replace("6.25.0", "6.26.0")
    source = {"source": "localhost:1/some/other", "version": "1.0.0"}
    other = f"synth({{'one': {{'terraform': {{'required_providers': {{'other': {source}}}}}}}}})\n"
    with network_mirror(tmp_path_factory.mktemp("network")) as (mirror, certificate, _):
        try:
            for main, providers, configuration in ((aws, "registry", str(mirror)), (other, "bundled", "/nosuch")):
                write(project, main, "one")
                env = {"TF_CLI_CONFIG_FILE": configuration, "SSL_CERT_FILE": str(certificate)}
                done = harness(project, "up", PROVIDERS=providers, TF_REGISTRY_DISCOVERY_RETRY="0", **env)
                assert (done.returncode, done.stderr.splitlines()[-1]) == (
                    1,
                    "error: terraform init of stack one: Failed to query available provider packages"
                    f"{HELP}{' with --providers registry' if providers == 'bundled' else ''}",
                )
        finally:
            harness(project, "down")


def test_fixtures_take_providers_from_a_mirror(project: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """As commands do."""
    (project / "test_app.py").write_text("def test_first(plan): assert len(plan()) == 1\n")
    with network_mirror(tmp_path_factory.mktemp("network")) as (configuration, certificate, asked):
        env = {"TF_CLI_CONFIG_FILE": str(configuration), "SSL_CERT_FILE": str(certificate)}
        passed(project, "--cdktf-providers", "registry", **env)
    assert [path.endswith(".zip") for path in asked].count(True) == 1


def test_parallel_deployments_share_a_plugin_cache(tmp_path: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """Processes initialise a stack at the same time, with an empty and then with a filled cache."""
    env = {**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")}
    required = {"aws": {"source": "hashicorp/aws", "version": "6.25.0"}}

    def start(name: str) -> subprocess.Popen[str]:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "cdk.tf.json").write_text(json.dumps({"terraform": {"required_providers": required}}))
        command = [sys.executable, "-c", INITIALISE, str(folder)]
        return subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)

    with network_mirror(tmp_path_factory.mktemp("network")) as (configuration, certificate, _):
        env |= {"TF_CLI_CONFIG_FILE": str(configuration), "SSL_CERT_FILE": str(certificate)}
        for state, processes in {"cold": 4, "warm": 2}.items():
            names = [f"{state}-{number}" for number in range(processes)]
            started = [start(name) for name in names]
            told = [process.communicate()[0] for process in started]
            assert "".join(told) == ""
            assert [process.returncode for process in started] == [0] * len(names)
            assert all((tmp_path / name / ".terraform.lock.hcl").exists() for name in names)
