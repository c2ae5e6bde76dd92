"""The tiny app, deployed by the `deployment` fixtures of a pytest of its own."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from .conftest import Run, copied, ended

# The tests of the tiny app; the examples' own tests use the other methods.
TESTS = """
def test_outputs(deployment):
    print("cloud", deployment.cloud.url)
    assert deployment.outputs["logs"]["app"]["name"] == "/tiny/app"
    kinds = {address.split(".")[0] for address in deployment.states()["access"]}
    assert kinds == {"data", "aws_iam_role", "aws_iam_role_policy"}

def test_refused(deployment):
    deployment.app.edit("main.py", '"aws_iam_role", name=name', '"aws_iam_role", name="x" * 65')
    deployment.redeploy()
"""


@pytest.fixture(scope="module")
def runs(tmp_path_factory: pytest.TempPathFactory) -> list[Run]:
    """All of them, and at the same time in the same checkout the first one alone."""
    project = copied(tmp_path_factory.mktemp("runs") / "project")
    alone = project.start(TESTS, "-s", "-p", "no:cacheprovider", "-k", "test_outputs")
    return [project.run(TESTS, "-s", "-p", "no:cacheprovider"), ended(alone)]


def cloud(run: Run) -> str:
    """The URL of the cloud that a run had."""
    (url,) = (line.split()[-1] for line in run.output.splitlines() if line.strip(".").startswith("cloud http"))
    return url


def test_tests_use_and_change_a_deployment(runs: list[Run]) -> None:
    """Everything is removed at the end."""
    runs[0].shows("1 failed, 1 passed")
    runs[0].shows("output of the failed program", "access/writer/role, made in main.py:", "on cdk.tf.json line")
    with pytest.raises(urllib.error.URLError):
        urllib.request.urlopen(cloud(runs[0]), timeout=5)


def test_concurrent_runs_are_isolated(runs: list[Run]) -> None:
    """In one checkout, each has its own cloud, state and names."""
    assert runs[1].code == 0, runs[1].output
    assert cloud(runs[0]) != cloud(runs[1])
