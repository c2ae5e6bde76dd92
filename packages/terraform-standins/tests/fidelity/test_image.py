"""docker_registry_image with a build block has the plans and states of the real one (4.5.0)."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from contextlib import closing
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from providers.running import Running

from cdktf_harness.docker.engine import ensure_engine

from .facts import Facts, change_facts, output_facts, planned_change, values_facts
from .ledger import ACCOUNT
from .recorded import Json, recorded
from .stacks import Stack

SECTION = "image"
ADDRESS = "docker_registry_image.image"
PROVIDER = 'provider["registry.terraform.io/kreuzwerker/docker"]'


def values_of(state: Json) -> Json:
    """The recorded image's values."""
    (resource,) = state["root_module"]["resources"]
    found: Json = resource["values"]
    return found


def config_for(values: Json) -> Json:
    """The recorded configuration, for the image of a recorded state."""
    config: Json = deepcopy(recorded("registry-image")["config"])
    image = config["resource"]["docker_registry_image"]["image"]
    image["name"], image["triggers"] = values["name"], values["triggers"]
    image["build"][0]["context"] = values["build"][0]["context"]
    return config


def plan_facts(plan: Json) -> Facts:
    """Facts of a plan, of this provider or a recorded one."""
    (change,) = plan["resource_changes"]
    facts = output_facts(plan["output_changes"])
    if change["change"]["actions"] == ["no-op"]:
        return facts
    return facts | change_facts(change["address"], *planned_change(change))


@pytest.mark.parametrize("case", ["plan_no_change", "plan_context_changed", "plan_destroy"])
def test_plan(empty: Stack, case: str) -> None:
    """With the real provider's state: an empty plan, a replacement for a new context, a deletion."""
    recording = recorded("registry-image")[case]
    prior = recording["prior_state_values"]
    resource = {"mode": "managed", "type": "docker_registry_image", "name": "image", "provider": PROVIDER}
    instance = {"schema_version": 0, "attributes": values_of(prior)}
    outputs = {name: {"value": o["value"], "type": o["type"]} for name, o in prior["outputs"].items()}
    state = {"version": 4, "outputs": outputs, "resources": [{**resource, "instances": [instance]}]}
    (empty.folder / "terraform.tfstate").write_text(json.dumps(state))
    config = recorded("registry-image")["config"] if case == "plan_context_changed" else config_for(values_of(prior))
    options = ["-destroy"] if case == "plan_destroy" else []
    plan = empty.plan(config, "-refresh=false", *options)
    assert not ACCOUNT.compare(SECTION, case, plan_facts(recording), plan_facts(plan))


@pytest.fixture
def alone(fidelity_env: dict[str, str], tmp_path: Path) -> Iterator[Stack]:
    """An empty folder with providers of its own, which find the build context in it."""
    with closing(Running(tmp_path)) as terraform:
        yield Stack(tmp_path, fidelity_env, terraform)


@pytest.mark.docker
def test_state(alone: Stack, fidelity_env: dict[str, str], fidelity_aws: Callable[[str], Any]) -> None:
    """A build and push store the recorded values, except for this run's names and the digest."""
    real = values_of(recorded("registry-image")["state"])
    config = config_for(real)
    registry = fidelity_env["AWS_ENDPOINT_URL"]
    image = config["resource"]["docker_registry_image"]["image"]
    (token,) = fidelity_aws("ecr").get_authorization_token()["authorizationData"]
    user, _, password = base64.b64decode(token["authorizationToken"]).decode().partition(":")
    login = {"address": registry, "username": user, "password": password}
    config["provider"]["docker"][0]["registry_auth"][0] = login
    # Not the recorded repository, which the stacks have.
    image["name"] = f"{registry.removeprefix('http://')}/image:{image['name'].split(':')[-1]}"
    context = alone.folder / image["build"][0]["context"]
    context.mkdir(parents=True)
    (context / "Dockerfile").write_text("FROM scratch\nCOPY Dockerfile /\n")
    fidelity_aws("ecr").create_repository(repositoryName="image")
    try:
        with closing(ensure_engine().client) as client:
            alone.write(config)
            alone.run("apply", "-auto-approve", "-input=false")
            ours = alone.attributes()[ADDRESS]
            client.images.remove(image["name"], force=True)
    finally:
        fidelity_aws("ecr").delete_repository(repositoryName="image", force=True)
    assert ours["id"] == ours["sha256_digest"]
    assert ours["name"] == image["name"]
    facts = [values_facts(ADDRESS, without_digest({**v, "name": real["name"]}), {}) for v in (real, ours)]
    assert not ACCOUNT.compare(SECTION, "state", *facts)


def without_digest(values: Json) -> Json:
    """The values with a form instead of the digest."""
    text = json.dumps(values).replace(values["sha256_digest"], "{digest}")
    found: Json = json.loads(text)
    return found


def test_list_is_current() -> None:
    """Every listed difference of this section still exists."""
    assert not ACCOUNT.stale(SECTION)
