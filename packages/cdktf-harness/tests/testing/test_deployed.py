"""The tiny app, deployed by the `deployment` fixtures of a pytest of its own."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from .conftest import TinyProject


def test_a_deployment_is_used_and_changed(project: TinyProject) -> None:
    """Outputs, clients, another setting, an edited source, what is planned then; all removed at the end."""
    run = project.run(
        """
def retention(deployment):
    (group,) = deployment.cloud.client("logs").describe_log_groups()["logGroups"]
    return group["retentionInDays"]

def test_outputs(deployment):
    assert deployment.outputs["logs"]["app"]["name"] == "/tiny/app"
    assert retention(deployment) == 7

def test_redeploy(deployment):
    deployment.changed(days=30).assert_actions({"logs/app/group": "update"})
    deployment.redeploy(days=30)
    assert retention(deployment) == 30
    deployment.plan().assert_empty()

def test_edit(deployment):
    deployment.app.edit("main.py", '{"App": "tiny"}', '{"App": "huge"}')
    deployment.plan().assert_actions({"logs/app/group": "update", "access/writer/role": "update"})

def test_logs(deployment):
    logs = deployment.cloud.client("logs")
    logs.create_log_stream(logGroupName="/tiny/app", logStreamName="a")
    logs.put_log_events(
        logGroupName="/tiny/app", logStreamName="a", logEvents=[{"timestamp": 1000 * 1795489674, "message": "hello"}]
    )
    assert deployment.cloud.logs("/tiny/app") == ["hello"]
    print("cloud", deployment.cloud.url)
""",
        "-s",
    )
    assert run.code == 0, run.output
    (url,) = (line.split()[-1] for line in run.output.splitlines() if line.strip(".").startswith("cloud http"))
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(url, timeout=5)


def test_an_app_converges_or_is_told_why_not(project: TinyProject) -> None:
    """The tiny app passes; a value that always differs, or a resource that stays, fails it by name."""
    project.leave_one_stack()
    assert project.run("def test_gate(assert_converges): assert_converges(days=1)\n").code == 0
    project.edit('{"App": "tiny"}', '{"App": "${timestamp()}"}')
    restless = project.run("def test_gate(assert_converges): assert_converges()\n")
    assert restless.code == 1
    restless.shows("does not converge: right after a deployment", "logs/app/group: update", "tags")
    project.edit('{"App": "${timestamp()}"}', '{"App": "tiny"}')
    project.edit("retention_in_days=days)", "retention_in_days=days, skip_destroy=True)")
    leaving = project.run("def test_gate(assert_converges): assert_converges()\n")
    assert leaving.code == 1
    leaving.shows("the destruction of all stacks left something", "cloudwatch_logs/log_groups: /tiny/app")


def test_a_failed_deployment_shows_terraforms_errors(project: TinyProject) -> None:
    """In full, in the report, with the construct and its source line."""
    project.edit('"aws_iam_role", name=name', '"aws_iam_role", name="x" * 65')
    run = project.run("def test_up(deployment): pass\n")
    assert run.code == 1
    run.shows("what the failed program said", "access/writer/role, made in main.py:", "on cdk.tf.json line")


def test_a_kept_deployment_is_reached_and_used_again(project: TinyProject) -> None:
    """It stays, prints how to reach it, and the next run uses it; a command removes it."""
    project.leave_one_stack()
    tests = "def test_up(deployment): print('cloud', deployment.cloud.url)\n"
    try:
        kept = project.run(tests, "-s", "--cdktf-keep")
        kept.shows("the deployment is kept", "cloud: http://localhost:", "its credentials")
        again = project.run(
            "def test_still(deployment): deployment.plan().assert_empty()\n" + tests,
            "-s",
            "--cdktf-reuse",
            "--cdktf-keep",
        )
        assert again.code == 0, again.output
        urls = {line.split()[-1] for run in (kept, again) for line in run.output.splitlines() if "cloud http" in line}
        assert len(urls) == 1
    finally:
        down = [sys.executable, "-m", "cdktf_harness.pytest_plugin", "down"]
        subprocess.run(down, cwd=project.root, check=True, capture_output=True)
    assert not (project.root / ".cdktf-harness" / "kept").exists()
