"""What Terraform says of an error, and what the harness adds."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdktf_harness.project.variables import STATES
from cdktf_harness.synthesis.app_process import app_failed
from cdktf_harness.system.errors import CommandFailed
from cdktf_harness.terraform.error_hints import with_sources
from terraform_standins.variables import KEEP_PROVIDERS

TRACEBACK = "Traceback (most recent call last):"
FRAMES = '  File "main.py", line 7, in <module>\n    x()\n  File "/app/.venv/lib/site-packages/x.py", line 1, in x'
LOCAL = {STATES: "local"}
TAKEN = "creating x: RepositoryAlreadyExistsException: it exists"
NAMED = "; another resource has that name: give each its own name or, if Terraform's state lacks it, "
PULL = 'failed to do request: Head "https://{}": dial tcp: connection refused'
PYTHON = PULL.format("registry-1.docker.io/v2/library/python/manifests/sha256:12")
NOT_PULLED = (
    "; the Docker engine cannot pull {}: let it reach that registry (it has a proxy and certificates of its own), or "
    "build on an image that it can pull"
)
OF_PYTHON = NOT_PULLED.format("registry-1.docker.io/library/python@sha256:12")
EQUAL = ", or name it in `bases` of [tool.cdktf-harness] ('python-build'), which makes an equal one here"
SOURCE = ": connect to the network, or name a mirror that has it in the file of TF_CLI_CONFIG_FILE"
MISSING = ": the stack registry is not deployed, or not as the app has it now; deploy it first"
OUTPUTS = "data.terraform_remote_state.cross-stack-reference-input-registry"
BUILT = (
    "; cdktf-harness/python-build:trixie-arm64 was built here, for one architecture: build for that, too, or write "
    "`FROM --platform=$BUILDPLATFORM` in the Containerfile"
)


@pytest.mark.parametrize(
    ("said", "env", "hint"),
    [
        ("Plugin did not respond\n\nThe plugin failed.", {}, ": a provider ended; run the command again"),
        (f"Unsupported attribute\n\n{OUTPUTS}.outputs is object with no attributes", {}, MISSING),
        (f"Unable to find remote state\n\nwith {OUTPUTS},", {}, MISSING),
        ("Error accessing remote module registry\n\nof vpc: failed to request discovery\ndocument: GET", {}, SOURCE),
        (
            'Error in call\n\nCall to function "file" failed: open\na.zip: none.',
            {},
            ": open a.zip: none",
        ),
        ("failed to query provider mirror https://localhost:9/mirror/ for\nhashicorp/aws: the", {}, SOURCE),
        ("Failed to query available provider packages\n\ncannot search /nosuch: lstat /nosuch: no", {}, SOURCE),
        (
            "of provider hashicorp/aws:\nno available releases match the given constraints 9.9.9\n\nTo see",
            {KEEP_PROVIDERS: "1"},
            f"{SOURCE} with --providers registry",
        ),
        (TAKEN, {}, f"{NAMED}`terraform import` it"),
        (TAKEN, LOCAL, f"{NAMED}take the deployment down and bring it up again"),
        (PULL.format("registry-1.docker.io/v2/cdktf-harness/python-build/manifests/trixie-arm64"), LOCAL, BUILT),
        (PYTHON, LOCAL, f"{OF_PYTHON}{EQUAL}"),
        # On AWS, images are built on the public ones; of another image there is no equal one.
        (PYTHON, {}, OF_PYTHON),
        (PULL.format("gcr.io/v2/other/base/manifests/1"), LOCAL, NOT_PULLED.format("gcr.io/other/base:1")),
    ],
)
def test_an_error_of_terraform_has_a_hint(said: str, env: dict[str, str], hint: str) -> None:
    """Terraform (1.15) says what it sees only: of a killed provider, and of what a lost state had."""
    error = with_sources(CommandFailed("it failed", output=f"Error: {said}"), "cdktf deploy", None, env)
    assert str(error) == f"cdktf deploy: {said.splitlines()[0]}{hint}"


@pytest.mark.parametrize(
    ("said", "what", "tail"),
    [
        ("", "it printed nothing", ""),
        ("no region", "no region", ""),
        (f"started\n{TRACEBACK}\n{FRAMES}\nValueError: no", "ValueError: no (main.py, line 7)", "started"),
        (f"{TRACEBACK}\nRuntimeError: no\n ╰─ is not a string", "RuntimeError: no", " ╰─ is not a string"),
        (f"{TRACEBACK}\nx.y.Odd: 1 error\nname\n  missing", "x.y.Odd: 1 error", "name\n  missing"),
        # In a module of the app: what `cdktf get` makes.
        (
            f"{TRACEBACK}\nModuleNotFoundError: No module named 'imports'",
            "ModuleNotFoundError: No module named 'imports', which is missing: run `cdktf get`",
            "",
        ),
        # What it printed before, of its own accord.
        ("ValueError: try again\nno region", "no region", "ValueError: try again"),
    ],
)
def test_an_app_that_fails_is_one_line(said: str, what: str, tail: str) -> None:
    """With the line of the app that raised it; text that is no traceback is above. `--verbose` shows all of it."""
    failure = app_failed(Path("/app"), said)
    assert str(failure) == f"the app does not synthesize: {what}"
    assert failure.tail == tail


def test_the_last_line_of_a_program_of_a_provisioner_is_told() -> None:
    """Terraform only says that there was an error, and breaks the lines of what the program printed."""
    error = "Error: local-exec provisioner error\n\nError running command 'x': exit status 1. Output: it is\nno image\n"
    printed = "t (local-exec): Executing: x\nt (local-exec): it is no image\n"
    told = with_sources(CommandFailed("it failed", output=printed + error), "cdktf deploy", None, {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"
    # In JSON, lines are whole, and other output is not an error.
    told = with_sources(CommandFailed("it failed", output=error.replace("is\nno", "is no")), "cdktf deploy", None, {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"
