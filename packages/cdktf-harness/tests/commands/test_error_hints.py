"""What the harness adds to an error of Terraform, of an app, or of a build that left a log."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from cdktf_harness.deployment.log_files import logs_shown
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
        ("to obtain schema: reattachment process\nnot found..", {}, ": a provider ended; run the command again"),
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
        # The innermost reason of jsii, which writes its error in JavaScript first.
        (
            f"jsii.errors.JavaScriptError:\n  Error: no\n\nThe above exception was the cause:\n\n{TRACEBACK}"
            "\nRuntimeError: no\n╰── Reasons:\n    ╰─ Key 'index'\n        ├─ Missing: 'hashKey'\n        ╰─ or other",
            "RuntimeError: no: Missing: 'hashKey'",
            "╰── Reasons:\n    ╰─ Key 'index'\n        ├─ Missing: 'hashKey'\n        ╰─ or other",
        ),
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


def test_the_heading_of_errors_of_init_is_none() -> None:
    """The first error is what is wrong with the configuration."""
    heading = (
        "Error: Terraform encountered problems during initialisation, including problems\nwith the configuration.\n\n"
    )
    said = f"{heading}Error: Duplicate 'backend' configuration block\n\nA module may have only one."
    error = with_sources(CommandFailed("it failed", output=said), "terraform init", None, {})
    assert str(error) == "terraform init: Duplicate 'backend' configuration block"


def test_the_last_line_of_a_program_of_a_provisioner_is_told() -> None:
    """Terraform only says that there was an error, and breaks the lines of what the program printed."""
    error = "Error: local-exec provisioner error\n\nError running command 'x': exit status 1. Output: it is\nno image\n"
    printed = "t (local-exec): Executing: x\nt (local-exec): it is no image\n"
    told = with_sources(CommandFailed("it failed", output=printed + error), "cdktf deploy", None, {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"
    # In JSON, lines are whole, and other output is not an error.
    told = with_sources(CommandFailed("it failed", output=error.replace("is\nno", "is no")), "cdktf deploy", None, {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"


COMMAND = "executor failed running [/bin/sh -c make]: exit code: 2"
FAILED = f"Error running buildx build: failed to solve: {COMMAND} (api/image)"


def deploy(log: Path, text: str, error: str) -> None:
    """Write a log and fail, as a deployment does; the time of the log is behind the clock, as a file's often is."""
    with logs_shown(log.parent, log.name):
        log.write_text(text)
        os.utime(log, (0, 0))
        raise CommandFailed(error)


def fail(folder: Path, printed: str, error: str = FAILED) -> CommandFailed:
    """Return the error of a deployment that wrote the log of a build with a failed step that printed `printed`."""
    text = f"#1 [1/1] RUN make\n{printed}#1 ERROR: {COMMAND}\nERROR: {COMMAND}\n"
    with pytest.raises(CommandFailed) as caught:
        deploy(folder / "build.log", text, error)
    assert caught.value.tail.endswith(text.strip())
    return caught.value


@pytest.mark.parametrize(
    ("printed", "told"),
    [
        ("", ""),
        ("#1 one\n#1 two\n", ": two"),
        ("#1 3.14 is too new\n", ": 3.14 is too new"),
        ("#1 ERROR: process 17 died\n#1 no memory\n", ": no memory"),
        # The steps that run at the same time.
        ("#1 bad\n#1 ...\n#2 [2/2] RUN x\n#2 good\n#2 ERROR: x: context canceled\n#1 [1/1] RUN make\n", ": bad"),
        ("#1 \x1b[31mred\x1b[0m\x1b]0;title\x07\n#1 \x1b[0m\n", ": red"),
        (f"#1 {'x' * 301}\n", f": {'x' * 300}..."),
        (
            '#1   File "/app.py", line 7\n#1     f(\n#1      ^\n#1 SyntaxError: no\n',
            ": SyntaxError: no (/app.py, line 7)",
        ),
    ],
)
def test_the_last_line_that_the_failed_step_printed_is_told(tmp_path: Path, printed: str, told: str) -> None:
    """Not another step's, and nothing that would change the terminal."""
    assert str(fail(tmp_path, printed)) == f"{FAILED}{told}"


def test_an_error_of_something_else_gets_nothing(tmp_path: Path) -> None:
    """Such as that of another resource, beside which the build failed, too."""
    assert str(fail(tmp_path, "#1 one\n", "creating a log group: it exists")) == "creating a log group: it exists"


def test_a_log_that_was_there_before_is_not_shown(tmp_path: Path) -> None:
    """It is that of an earlier build."""
    (tmp_path / "build.log").write_text("#1 one\n")
    with pytest.raises(CommandFailed) as caught, logs_shown(tmp_path, "build.log"):
        raise CommandFailed(FAILED)
    assert not caught.value.tail
