"""The public names of the packages: a change of this table is one for users, so CHANGELOG.md has it, too."""

from __future__ import annotations

import inspect
import subprocess
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

from checkout import PROJECT

EXPORTED = {
    "buildkit_client": "build engine errors registry",
    "buildkit_client.build": "Build build folders push",
    "buildkit_client.engine": "Engine find_engine wanted_host",
    "buildkit_client.errors": "BuildFailed ClientError EngineError ManifestNotFound PushFailed",
    "buildkit_client.registry": "Image Login Registry",
    "cdktf_fast_synth": "",
    "cdktf_harness": "pytest_plugin",
    "cdktf_harness.pytest_plugin": (
        "ABSENT App Block Bucket Change Changes Checks Cloud Converges Deployed Finding Function FunctionMock Planner "
        "Queue Report Stack Stages Synthesis Synthesizer Table Topic"
    ),
    "cdktf_lambda_api": (
        "Access AccessLogs Alarms Bucket Budget Cloud Dashboard DeadLetters Deployment Domain Function "
        "GatewayResponses HttpApi Image Issuer LogQueries Monitoring Notifications Parameter Queue "
        "RegistryLogin Repository RestApi Route Secret Signature StateError TEMPLATE Table TokenAuthorizer "
        "Topic Tracing Traffic commit forget_backend is_normal keep_in_bucket literal policy protect "
        "resources"
    ),
    "cdktf_to_cdktn": "",
    "docker_build_context": "Context ContextError copy_context fingerprint read_context",
    "image_signature": "SignatureError Signer",
    "terraform_standins": "AwsResource Calls POLICY Tagging Wait write_mirror",
}


def test_every_exported_name_is_in_the_table() -> None:
    """A package exports the names in its `__all__`. Of a module in there: classes and functions."""
    packages = sorted(path.parent.name.replace("-", "_") for path in PROJECT.glob("packages/*/pyproject.toml"))
    assert dict(found for name in packages for found in exported(name)) == EXPORTED


def exported(name: str) -> Iterator[tuple[str, str]]:
    """Yield a module with its public names, and the modules among them. Each name can be imported."""
    module = import_module(name)
    folder = Path(str(module.__file__)).parent
    names = getattr(module, "__all__", None) or [each for each in vars(module) if own(module, each)]
    yield name, " ".join(sorted(names))
    for each in names:
        if hasattr(module, "__path__") and (any(folder.glob(f"{each}.py")) or (folder / each).is_dir()):
            yield from exported(f"{name}.{each}")
        else:
            assert hasattr(module, each)


def own(module: ModuleType, name: str) -> bool:
    """Whether a module defines a public name itself."""
    value = getattr(module, name)
    return inspect.getmodule(value) is module and not inspect.ismodule(value) and not name.startswith("_")


def test_only_the_embedded_cloud_and_its_tests_name_what_it_runs() -> None:
    """So that another one can take its place. Documents, and what pins or hides the package, name it, too."""
    allowed = """*.md Pipfile.lock pyproject.toml packages/cdktf-harness/pyproject.toml packages/cdktf-harness/*/cloud/*
        packages/terraform-standins/tests/fidelity/data/* tests/packages/*"""
    command = ["git", "grep", "-il", "ministack", "--", *(f":!{pattern}" for pattern in allowed.split())]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("", "", 1)
