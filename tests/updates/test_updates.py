"""An update of the app keeps what a deployment of each release holds: data, and the URL.

`<release>/` has the stacks of a release, stage prod, as it synthesized them for the embedded cloud.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from cdktf_harness.pytest_plugin import Planner, Synthesis
from cdktf_harness.pytest_plugin.planner import Sandbox
from cdktf_harness.synthesis.stacks import read_synthesis
from cdktf_harness.system.errors import CommandFailed
from cdktf_lambda_api.protection import PROTECTED

HERE = Path(__file__).parent
RELEASES = sorted(path.name for path in HERE.iterdir() if (path / "api.tf.json").exists())
# The endpoint in the files.
ENDPOINT = "localhost:4566"
# Of what an update replaces or deletes, all that may be: copies, and rules.
REPLACED = {
    "api/api/deployment",
    "api/image/image",
    "registry/repository/lifecycle",
}


@pytest.fixture(scope="module", params=RELEASES)
def deployed(request: pytest.FixtureRequest, plan: Planner, tmp_path_factory: pytest.TempPathFactory) -> Sandbox:
    """A cloud with the deployment of a release, stage prod."""
    sandbox = plan.sandbox({"stage": "prod"}, name=request.param)
    sandbox.begin_with(released(request.param, sandbox, tmp_path_factory.mktemp("released") / "out"))
    for stack in sandbox.synthesis.values():
        sandbox.apply(stack)
    return sandbox


def released(release: str, sandbox: Sandbox, out: Path) -> Synthesis:
    """The stacks of a release, for the cloud of `sandbox`."""
    stacks, endpoint = {}, sandbox.terraform.env["AWS_ENDPOINT_URL"]
    order: dict[str, list[str]] = {"registry": [], "api": ["registry"]}
    for name, dependencies in order.items():
        folder = out / "stacks" / name
        folder.mkdir(parents=True)
        text = (HERE / release / f"{name}.tf.json").read_text()
        document = json.loads(text.replace(ENDPOINT, endpoint.removeprefix("http://")))
        for image in document["resource"].get("docker_registry_image", {}).values():
            (folder / image["build"][0]["context"]).mkdir(parents=True)
        (folder / "cdk.tf.json").write_text(json.dumps(document))
        place = {"synthesizedStackPath": f"stacks/{name}/cdk.tf.json", "workingDirectory": f"stacks/{name}"}
        stacks[name] = {"name": name, "constructPath": name, "annotations": [], "dependencies": dependencies, **place}
    (out / "manifest.json").write_text(json.dumps({"version": "0.21.0", "stacks": stacks}))
    return read_synthesis(out, sandbox.app.root, {})


def test_an_update_keeps_data_and_url(deployed: Sandbox) -> None:
    """No protected resource is replaced or deleted, and of the others only those that hold nothing."""
    changes = deployed.changed(deployed.synthesize({}))
    gone = {path: change for path, change in changes.items() if change.action in ("replace", "delete")}
    assert {path for path, change in gone.items() if change.type in PROTECTED} == set()
    assert gone.keys() <= REPLACED, changes


def test_a_plan_without_a_protected_resource_is_refused(plan: Planner) -> None:
    """Although its block, with `prevent_destroy`, is gone; the name of the deployment lifts that."""
    kept = plan.sandbox({"stage": "prod", "api_key": True})
    for stack in kept.synthesis.values():
        kept.apply(stack)
    with pytest.raises(CommandFailed, match="Instance cannot be destroyed") as refused:
        kept.changed(kept.synthesize({"api_key": False}))
    assert 'terraform_data.kept["api/access/key"] has lifecycle.prevent_destroy' in " ".join(refused.value.tail.split())
    changes = kept.changed(kept.synthesize({"api_key": False, "destroy": "ontra-prod"}))
    assert changes["api/access/key"].action == "delete"


def test_a_plan_that_would_replace_a_protected_resource_is_refused(deployed: Sandbox) -> None:
    """Terraform refuses it by name; the name of the deployment lifts that."""
    with pytest.raises(CommandFailed, match=r"Instance cannot be destroyed.*registry/repository/repository"):
        deployed.changed(deployed.synthesize({"name_prefix": "other"}))
    changes = deployed.changed(deployed.synthesize({"name_prefix": "other", "destroy": "other-prod"}))
    assert changes["registry/repository/repository"].action == "replace"
