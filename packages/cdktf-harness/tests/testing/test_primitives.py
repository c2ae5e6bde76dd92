"""What the recipes of the reference do not show: modules, moved resources, and how a failure reads.

The app needs no CDKTF: a module with two queues, a log group, and a queue of the stack, which a setting moves.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import plain_app
import pytest

from .conftest import TinyProject

MAIN = """
import json
import os
from pathlib import Path

context = json.loads(os.environ["CDKTF_CONTEXT_JSON"])
name, moved = context["queue"], [{"from": "aws_sqs_queue.one", "to": "aws_sqs_queue.two"}]
module = {"source": str(Path("module").resolve()), "//": {"metadata": {"path": "work/Queues"}}}
group = {"name": "/app", "tags": {"App": context["tag"]}, "skip_destroy": context["stays"]}
stack = {
    "resource": {
        "aws_sqs_queue": {name: {"name": context["named"], "delay_seconds": 3}},
        "aws_cloudwatch_log_group": {"group": group},
    },
    **({"module": {"queues": module}} if context["nested"] else {}),
    "output": {"names": {"value": ["a", "b"]}, "count": {"value": 2}},
    **({"moved": moved} if name == "two" else {}),
}
synth({"work": stack})
"""
MODULE = """
resource "aws_sqs_queue" "dead" {
  count = 2
  name  = "dead-${count.index}"
}
"""
TESTS = """
DEAD = "work/Queues/aws_sqs_queue.dead"

def test_plan(plan):
    made = (f"{DEAD}[0]", f"{DEAD}[1]", "aws_sqs_queue.one", "aws_cloudwatch_log_group.group")
    plan("work").assert_actions(dict.fromkeys(made, "create"))

def test_deployed(deployment):
    deployment.resource(f"{DEAD}[1]").assert_has(name="dead-1")
    assert deployment.output("work.names", list[str]) == ["a", "b"]

def test_moved(plan):
    changes = plan.changed(queue="two")
    changes.assert_empty()
    assert changes.moved == {"aws_sqs_queue.two": "aws_sqs_queue.one"}

def test_replaced(plan):
    change = plan.changed(named="other")["aws_sqs_queue.one"]
    assert (change.action, change.reason, change.replaced_by) == ("replace", "replace_because_cannot_update", ("name",))
    assert change.changed["name"] == ("jobs", "other")

def test_a_mock_of_the_deployment(deployment, mock_function, make_queue):
    mock_function("prices").answers(9.5)
    assert deployment.cloud.client("lambda").list_functions()["Functions"][0]["FunctionName"] == "prices"
    assert make_queue("mine").url in deployment.cloud.client("sqs").list_queues()["QueueUrls"][-1]

def test_actions(plan): plan().assert_actions({"aws_sqs_queue.one": "update", "aws_sqs_queue.two": "create"})

def test_no_plan(plan): plan.changed(named="other").assert_empty()

def test_type(deployment): deployment.output("work.names", list[int])

def test_path(deployment): deployment.resource("work/nothing")

def test_drift(deployment): deployment.make_drift("work/nothing", name="x")

def test_late(eventually): eventually(lambda: 0, "the order is stored", seconds=0.1)

def test_data(stages): stages["order"]

def test_log(deployment, function): function("none").invoke()

def test_unanswered(deployment, mock_function): mock_function("prices").invoke({})

def test_restless(deployment, assert_converges):
    assert_converges(deployment=deployment, nested=False, tag="${timestamp()}")

def test_leaving(deployment, assert_converges): assert_converges(deployment=deployment, tag="x", stays=True)
"""


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> TinyProject:
    """The app."""
    root = tmp_path_factory.mktemp("project")
    for name, text in plain_app.files(
        MAIN, "work", queue="one", named="jobs", tag="x", stays=False, nested=True
    ).items():
        (root / name).write_text(text)
    (root / "module").mkdir()
    (root / "module" / "main.tf").write_text(MODULE)
    return TinyProject(root)


def test_modules_and_moved_resources_have_paths_and_failures_say_what_was_expected(project: TinyProject) -> None:
    """In plans and in a deployment, whose cloud also has what a test makes; each failure in one line."""
    run = project.run(TESTS)
    run.shows(
        "11 failed, 5 passed",
        "aws_sqs_queue.one: expected update, is create",
        "aws_sqs_queue.two: expected create, is untouched",
        "no change expected, but what would change:",
        'name: "jobs" -> "other" (forces replacement)',
        "no stack has a resource 'work/nothing'",
        'work.names[0] must be int; it is "a"',
        "nothing is deployed at 'work/nothing'; there are",
    )
    run.shows("not within 0.1 s: the order is stored; the last result was 0", "no stage has left 'order': run the one")
    run.shows("Function not found", "prices failed:", "no answer is queued")
    run.shows("does not converge: right after a deployment", "aws_cloudwatch_log_group.group: update", "tags")
    run.shows("a destroy of all stacks leaves:", "cloudwatch_logs/log_groups: /app")


def test_a_kept_deployment_is_used_again(project: TinyProject) -> None:
    """With or without another `deploy`: the first run prints how to reach it, and a command removes it.

    `--cdktf-skip deploy` needs one that was kept; workers report what they inspect of it.
    """
    # Without the module: Terraform's start with one takes longer.
    tests = """
import pytest

@pytest.fixture(scope="session")
def deployment_settings(): return {"nested": False}

def test_it(deployment):
    deployment.resource("aws_sqs_queue.one").assert_has(name="jobs")
    sqs = deployment.cloud.client("sqs")
    print("queues", *sorted(url.rpartition("/")[2] for url in sqs.list_queues()["QueueUrls"]))
    sqs.create_queue(QueueName="kept")
"""
    nothing = project.run(tests, "--cdktf-skip", "deploy")
    nothing.shows("nothing is kept to skip `deploy`: run pytest --cdktf-keep without it first")
    try:
        project.run(tests, "-s", "--cdktf-keep").shows("1 passed", "the deployment is kept", "its credentials")
        # Its state, too: without that, a second deployment would fail.
        kept = project.run(tests, "-s", "--cdktf-skip", "destroy")
        kept.shows("1 passed", "queues jobs kept")
        project.edit('"delay_seconds": 3', '"delay_seconds": 4')
        again = project.run(tests, "--cdktf-skip", "deploy", "--cdktf-coverage", "-n", "1", PYTEST_ADDOPTS="")
        assert again.code == 0, again.output
        again.shows("aws_sqs_queue.one (aws_sqs_queue): delay_seconds", "inspected: 1 of 2 resources, 1 of 5 arguments")
    finally:
        down = [str(Path(sys.executable).with_name("cdktf-harness")), "down", "--kept"]
        subprocess.run(down, cwd=project.root, check=True, capture_output=True)
    assert not (project.root / ".cdktf-harness" / "kept").exists()
