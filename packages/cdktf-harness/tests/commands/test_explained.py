"""What Terraform says of an error, and what the harness adds."""

from __future__ import annotations

import pytest

from cdktf_harness.project.errors import CommandFailed
from cdktf_harness.project.variables import STATES
from cdktf_harness.terraform.explained import explained

TAKEN = (
    "creating ECR Repository (x): operation error ECR: RepositoryAlreadyExistsException: The repository already exists"
)


@pytest.mark.parametrize(
    ("said", "env", "way_out"),
    [
        (
            "Plugin did not respond\n\nThe plugin encountered an error, and failed to respond to the call.",
            {},
            ": a provider ended meanwhile; run the command again",
        ),
        (
            "Unsupported attribute\n\n"
            "data.terraform_remote_state.cross-stack-reference-input-registry.outputs is object with no attributes",
            {},
            ": the stack registry is not deployed, or not as the app has it now; deploy it first",
        ),
        (
            TAKEN,
            {},
            "; it is not in Terraform's state: use the state that has it (another file or bucket, or an older "
            "version), or `terraform import`",
        ),
        (
            TAKEN,
            {STATES: "local"},
            "; it is not in Terraform's state: if that was lost, take the deployment down and bring it up again",
        ),
    ],
)
def test_the_way_out_that_terraform_does_not_tell(said: str, env: dict[str, str], way_out: str) -> None:
    """Terraform (1.15) says what it sees only: of a killed provider, and of what a lost state had."""
    error = explained(CommandFailed("it failed", output=f"Error: {said}"), "cdktf deploy", [], env)
    assert str(error) == f"cdktf deploy: {said.splitlines()[0]}{way_out}"


def test_the_last_line_of_a_program_of_a_provisioner_is_told() -> None:
    """Terraform only says that there was an error, and breaks the lines of what the program printed."""
    error = "Error: local-exec provisioner error\n\nError running command 'x': exit status 1. Output: it is\nno image\n"
    printed = "t (local-exec): Executing: x\nt (local-exec): it is no image\n"
    told = explained(CommandFailed("it failed", output=printed + error), "cdktf deploy", [], {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"
    # In JSON, nothing is broken into lines, and what was printed meanwhile is not an error.
    told = explained(CommandFailed("it failed", output=error.replace("is\nno", "is no")), "cdktf deploy", [], {})
    assert str(told) == "cdktf deploy: local-exec provisioner error: it is no image"


def test_a_warning_is_not_taken_for_the_error() -> None:
    """CDKTF's command line was killed after Terraform had warned."""
    said = "hello  ╷\n       │ Warning: Incomplete lock file information for providers\n       ╵\n"
    error = explained(CommandFailed("it was killed", output=said), "cdktf deploy", [], {})
    assert str(error) == "it was killed"
