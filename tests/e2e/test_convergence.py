"""A deployment that is as it should be is not changed; one that is not becomes so. No secret is kept."""

from __future__ import annotations

import base64
import json
import re
from contextlib import ExitStack
from pathlib import Path

import pytest
from commands.running import found

from cdktf_harness.commands.daily import DRIFTED
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.project.project import find
from cdktf_harness.pytest_plugin import App, Deployed
from e2e import commands

_OTHERS = ("cloud", "app")
NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def test_nothing_to_do_in_another_checkout_without_image_or_engine(
    unchanged: Deployed, cdktf_app: App, tmp_path: Path
) -> None:
    """Another folder, no image in the engine and no engine at all: the plan is still empty."""
    elsewhere = cdktf_app.copy(tmp_path / "elsewhere").root
    env = {**unchanged.env, "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    env["CDKTF_OUTPUT"] = str(tmp_path / "cdktf.out")
    (tmp_path / "local").mkdir()
    diff = Deployment(find(elsewhere), tmp_path / "local", env).diff()
    assert diff.count(NO_CHANGES) == 2, diff


@pytest.mark.embedded
def test_no_plan_and_no_state_holds_a_secret(unchanged: Deployed) -> None:
    """The login and the keys are ephemeral: they are in no file that the tools leave."""
    folder = unchanged.folder
    (authorization,) = unchanged.cloud.client("ecr").get_authorization_token()["authorizationData"]
    token = authorization["authorizationToken"]
    password = base64.b64decode(token).partition(b":")[2]
    # Neither what the cloud itself keeps, nor the sources.
    everything = [path for path in found(folder, "*") if path.relative_to(folder).parts[0] not in _OTHERS]
    # Nor the sockets of providers that are kept for the next plan.
    files = [path for path in everything if path.is_file()]
    assert any(path.name == "terraform.api.tfstate" for path in files)
    leaks = [path for path in files if password in path.read_bytes() or token.encode() in path.read_bytes()]
    assert leaks == []
    # What is given to child processes, for each stage.
    secret = unchanged.cloud.credentials.secret_access_key.encode()
    assert {path.name for path in files if secret in path.read_bytes()} == {"environment.json"}


def test_what_was_added_behind_our_back_is_found(unchanged: Deployed) -> None:
    """Rights of the function, rights to call it, and a method of the API, of which Terraform's state has nothing."""
    cloud, name = unchanged.cloud, unchanged.outputs["api"]["function_name"]
    iam, function, gateway = cloud.client("iam"), cloud.client("lambda"), cloud.client("apigateway")
    everything = {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "*", "Resource": "*"}]}
    inline = {"RoleName": name, "PolicyName": "everything"}
    attached = {"RoleName": name, "PolicyArn": "arn:aws:iam::aws:policy/AdministratorAccess"}
    (api,) = (found["id"] for found in gateway.get_rest_apis()["items"] if found["name"] == name)
    (root,) = (found["id"] for found in gateway.get_resources(restApiId=api)["items"] if found["path"] == "/")
    with ExitStack() as undo:
        iam.put_role_policy(**inline, PolicyDocument=json.dumps(everything))
        undo.callback(iam.delete_role_policy, **inline)
        iam.attach_role_policy(**attached)
        undo.callback(iam.detach_role_policy, **attached)
        for sid, qualifier in (("anybody", {}), ("somebody", {"Qualifier": "live"})):
            statement = {"FunctionName": name, "StatementId": sid, **qualifier}
            function.add_permission(**statement, Action="lambda:InvokeFunction", Principal="*")
            undo.callback(function.remove_permission, **statement)
        more = gateway.create_resource(restApiId=api, parentId=root, pathPart="more")
        added = {"restApiId": api, "resourceId": more["id"]}
        undo.callback(gateway.delete_resource, **added)
        gateway.put_method(**added, httpMethod="ANY", authorizationType="NONE")
        done = commands.run(unchanged, "drift", "--json")
    assert done.returncode == DRIFTED, done.stderr
    assert {entry["path"]: list(entry["attributes"]) for entry in json.loads(done.stdout)} == {
        "api/api/rest-api": ["resource /more", "method ANY /more"],
        "api/function/role": ["inline policy everything", f"attached policy {attached['PolicyArn']}"],
        "api/function/function": ["policy statement anybody", "policy statement somebody (live)"],
    }


def test_what_was_changed_behind_our_back_is_found_and_made_as_it_was(unchanged: Deployed) -> None:
    """A deployment converges from the existing resources; `drift` names them before with what differs."""
    name = unchanged.outputs["api"]["function_name"]
    unchanged.cloud.client("logs").put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=30)
    unchanged.cloud.client("lambda").delete_function(FunctionName=name)
    done = commands.run(unchanged, "drift", aws=True)
    assert done.returncode == DRIFTED, done.stderr
    lines = [re.sub(r" \(.*\)", "", line) for line in done.stdout.splitlines()]
    assert lines == [
        "api/function/logs",
        "  retention_in_days: 14 -> 30",
        "api/function/alias: deleted",
        "api/function/function: deleted",
        "api/api/GET-time/permission: deleted",
    ]
    unchanged.redeploy()
    done = commands.run(unchanged, "drift")
    assert (done.returncode, done.stdout[:12]) == (0, "no drift in "), done.stderr
    assert list(json.loads(unchanged.answer())) == ["The current epoch time"]
    unchanged.plan().assert_empty()
