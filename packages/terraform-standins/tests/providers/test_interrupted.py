"""An apply that fails, and the next one."""

from __future__ import annotations

import signal
from contextlib import suppress

from cdktf_harness.cloud.injected import Faults
from cdktf_harness.cloud.interrupted import ANSWERS, apply_in
from cdktf_harness.cloud.process import Cloud

from .workspace import Workspace

GROUP = {"name": "/once", "retention_in_days": 14}
EXISTS = "ResourceAlreadyExistsException"


def interrupted(workspace: Workspace, cloud: Cloud) -> str:
    """The errors of an apply that fails."""
    with suppress(KeyboardInterrupt), apply_in(cloud.folder):
        errors = workspace.fails("apply", "-auto-approve")
        raise KeyboardInterrupt
    return errors


def test_what_was_made_is_not_refused_to_the_next_apply(workspace: Workspace, cloud: Cloud, faults: Faults) -> None:
    """If an answer is lost, the apply fails as on AWS; the next one continues, even after a restart of the cloud."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": GROUP}})
    with faults.on("logs:CreateLogGroup", "lost"):
        assert EXISTS in interrupted(workspace, cloud)
    cloud.stop()
    cloud.start(resettable=True)
    with apply_in(cloud.folder):
        workspace.apply()
    assert workspace.plan() == {}
    assert workspace.state("aws_cloudwatch_log_group.this")["retention_in_days"] == 14


def test_what_a_killed_cloud_lost_is_made_again(workspace: Workspace, cloud: Cloud) -> None:
    """It does not answer that it is there, as it did before."""
    workspace.write(resource={"aws_ecr_repository": {"this": {"name": "lost"}}})
    with suppress(KeyboardInterrupt), apply_in(cloud.folder):
        workspace.apply()
        raise KeyboardInterrupt
    assert cloud.process
    cloud.process.stop(signal.SIGKILL, seconds=10)
    cloud.start(resettable=True)
    with apply_in(cloud.folder):
        workspace.apply()
    assert workspace.plan() == {}


def test_two_that_want_the_same_are_refused_ever_after(workspace: Workspace, cloud: Cloud) -> None:
    """It is an error of the app, which a second apply must not hide."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"one": GROUP, "two": GROUP}})
    assert EXISTS in interrupted(workspace, cloud)
    assert EXISTS in interrupted(workspace, cloud)


def test_an_apply_that_ended_well_is_forgotten(workspace: Workspace, cloud: Cloud) -> None:
    """A resource that Terraform has lost since is refused, as on AWS."""
    workspace.write(resource={"aws_cloudwatch_log_group": {"this": GROUP}})
    with apply_in(cloud.folder):
        workspace.apply()
    workspace.run("state", "rm", "aws_cloudwatch_log_group.this")
    assert EXISTS in interrupted(workspace, cloud)
    assert EXISTS in interrupted(workspace, cloud)


def test_answers_are_kept_for_their_owner_only(workspace: Workspace, cloud: Cloud, faults: Faults) -> None:
    """They may contain secrets, and are deleted by the next apply that succeeds."""
    parameter = {"name": "/secret", "type": "SecureString", "value": "v"}
    workspace.write(resource={"aws_ssm_parameter": {"this": parameter}})
    with faults.on("ssm:PutParameter", "lost"):
        interrupted(workspace, cloud)
    assert (cloud.folder / ANSWERS).stat().st_mode & 0o777 == 0o600
    with apply_in(cloud.folder):
        workspace.apply()
    workspace.plan()
    assert not (cloud.folder / ANSWERS).exists()
