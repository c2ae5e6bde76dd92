"""The whole life of a deployment, for real, as principals that have nothing but a policy of policy.toml."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
from docker import DockerClient

from cdktf_harness.cloud.permissions.decisions import Decision
from cdktf_harness.docker.engine import Engine
from policy.life import CHANGED, NO_OTHER, STAGE, STEPS, Life
from policy.recorded import FILE, written

pytestmark = [pytest.mark.docker, pytest.mark.life]
DENIED = ("AccessDenied", "AccessDeniedException", "AuthorizationError")


def test_a_deployment_lives_with_its_policy_alone(
    life: Life, docker_engine: Engine, pytestconfig: pytest.Config
) -> None:
    """Each command ends well; the calls are those from which the short form tests each action.

    Meanwhile a plan changes nothing, another stage's principal and the function get nothing.
    """
    life.principal("administrator", life.policy("bootstrap"))
    life.principal("deployer", life.policy("deploy"))
    life.principal("planner", life.policy("deploy", reads=True))
    life.principal("other", life.policy("deploy", "staging"))
    life.principal("reader", life.policy("promote"))
    life.principal("oncall", life.policy("oncall"))
    calls: dict[str, list[Decision]] = {}

    def step(name: str, who: str, *command: str, settings: Mapping[str, str] = NO_OTHER) -> None:
        done = life.run(who, *command, settings=settings)
        assert done.returncode == 0, f"{name}: {done.stdout}{done.stderr}"
        calls[name] = [*calls.get(name, []), *life.decisions(who)]
        assert [call for call in calls[name] if not call.allowed] == []

    step("bootstrap", "administrator", "bootstrap")
    step("bootstrap", "administrator", "bootstrap")
    step("build", "deployer", "up")
    planned = life.run("planner", "diff", settings=CHANGED, env={"TF_CLI_ARGS_plan": "-lock=false"})
    assert planned.returncode == 0, planned.stderr
    assert "aws_lambda_function.function" in planned.stdout
    drift = life.run("planner", "drift", env={"TF_CLI_ARGS_plan": "-lock=false"})
    assert drift.returncode == 0, drift.stdout + drift.stderr
    other = life.run("other", "down")
    assert other.returncode != 0
    assert "StatusCode: 403" in other.stderr
    assert refused_of_the_function(life, docker_engine.client) == []
    source = life.app.root / "lambda_image" / "app.py"
    source.write_text(f"{source.read_text()}# edited\n")
    step("build after a change", "deployer", "up", settings=CHANGED)
    staging = {**CHANGED, "stage": "staging", "monitoring": "false", "alarm_email": "", "api_gateway_role": "false"}
    promote = ("promote", "--from", STAGE, "--from-profile", "reader")
    promoted = life.run("other", *promote, settings=staging, env=life.profile("reader"))
    assert promoted.returncode == 0, promoted.stdout + promoted.stderr
    calls["promote"] = life.decisions("reader")
    for command in ("logs", "invoke", "status", "doctor", "rollback"):
        step("on call", "oncall", command, settings=CHANGED)
    step("rollback", "deployer", "rollback", "2", settings=CHANGED)
    step("destroy", "deployer", "down", settings=CHANGED)
    assert tuple(calls) == STEPS
    now = written(calls)
    if pytestconfig.option.update_snapshots:
        FILE.write_text(now)
    assert json.loads(FILE.read_text()) == json.loads(now)


def refused_of_the_function(life: Life, engine: DockerClient) -> list[str]:
    """The calls, of some that read and some that change, that the function's own credentials are not refused."""
    from botocore.exceptions import ClientError

    (container,) = life.cloud.containers(engine, ended=False, functions=True)
    given = dict(line.split("=", 1) for line in container.attrs["Config"]["Env"])
    keys = {name.lower(): given[name] for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN")}
    name = given["AWS_LAMBDA_FUNCTION_NAME"]
    allowed = []
    for service, call, arguments in (
        ("lambda", "get_function", {"FunctionName": name}),
        ("lambda", "delete_function", {"FunctionName": name}),
        ("ecr", "delete_repository", {"repositoryName": name, "force": True}),
        ("iam", "list_roles", {}),
        ("iam", "delete_role_policy", {"RoleName": name, "PolicyName": "write-logs"}),
        ("s3", "list_buckets", {}),
        ("apigateway", "get_rest_apis", {}),
        ("logs", "delete_log_group", {"logGroupName": f"/aws/lambda/{name}"}),
        ("sts", "assume_role", {"RoleArn": f"arn:aws:iam::000000000000:role/{name}", "RoleSessionName": "itself"}),
    ):
        try:
            getattr(life.cloud.client(service, **keys), call)(**arguments)
        except ClientError as error:
            if error.response["Error"]["Code"] in DENIED:
                continue
        allowed.append(f"{service}:{call}")
    stream = {"logGroupName": f"/aws/lambda/{name}", "logStreamName": "its own"}
    life.cloud.client("logs", **keys).create_log_stream(**stream)
    return allowed
