"""What a user does with a deployment, on real Terraform, a real Docker engine and the embedded cloud."""

from __future__ import annotations

import base64
import json
import os
import re
import shutil
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.deployment.deployed_on_aws import DeployedOnAws
from cdktf_harness.docker import machine
from cdktf_harness.docker.engine import Engine
from cdktf_harness.docker.leftovers import remove_leftovers
from cdktf_harness.project.http import send
from cdktf_harness.project.waiting import poll
from cdktf_harness.pytest_plugin import App, Converges, Deployed
from cdktf_harness.terraform.cdktf_cli import cdktf
from e2e import alarms, commands
from e2e.conftest import DESTROYED, LIMIT, LINES, SOURCE, Edited, Shared
from e2e.engine import REPOSITORY, containers, image

_OTHERS = ("cloud", "app")
LOG_SECONDS = 120
ALARM_SECONDS = 600
NO_CHANGES = "No changes. Your infrastructure matches the configuration."


def test_curl_gets_the_time(unchanged: Deployed) -> None:
    """The smoke test that a user types: `curl URL` prints the epoch time and ends well."""
    if not shutil.which("curl"):
        machine.install("curl")
    command = ["curl", "--silent", "--show-error", "--fail", "--max-time", "60", "--retry", "5", unchanged.url]
    before = int(time.time())
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert before <= json.loads(done.stdout)["The current epoch time"] <= time.time()


def test_get_time_answers_the_epoch_time(unchanged: Deployed) -> None:
    """GET /time answers the seconds since 1970, as JSON and nothing else."""
    before = int(time.time())
    answer = json.loads(unchanged.answer())
    assert list(answer) == ["The current epoch time"]
    assert before <= answer["The current epoch time"] <= time.time()


def test_the_answer_is_declared_as_json(unchanged: Deployed) -> None:
    """The content type reaches the client."""
    answer = unchanged.http.get()
    assert (answer.status, answer.headers["Content-Type"]) == (200, "application/json")


def test_other_routes_do_not_answer(unchanged: Deployed) -> None:
    """Only the declared method of the declared path reaches the function; the answer has none of AWS's reasons."""
    answer = unchanged.http.request("POST")
    assert (answer.status, answer.headers["Content-Type"]) == (404, "application/json")
    assert answer.json() == {"message": "Not found", "requestId": answer.headers["x-amzn-requestid"]}


@pytest.mark.embedded
def test_too_many_requests_are_refused(unchanged: Deployed) -> None:
    """The stage has the limits of the settings; above its limits, the API answers 429."""
    gateway = unchanged.cloud.client("apigateway")
    stage = {"restApiId": unchanged.url.split("/")[4], "stageName": "dev"}
    limits = gateway.get_stage(**stage)["methodSettings"]["*/*"]
    assert (limits["throttlingRateLimit"], limits["throttlingBurstLimit"]) == (LIMIT, LIMIT)

    def limit(requests: int) -> None:
        paths = [f"/*/*/throttling/{kind}Limit" for kind in ("rate", "burst")]
        changes = [{"op": "replace", "path": path, "value": str(requests)} for path in paths]
        gateway.update_stage(**stage, patchOperations=changes)

    # A machine under load cannot send more than any other limit.
    limit(0)
    try:
        answer = unchanged.http.get()
    finally:
        limit(LIMIT)
    assert (answer.status, answer.json()["message"]) == (429, "Too many requests")


def test_a_request_is_in_both_logs(unchanged: Deployed) -> None:
    """One line of the access log has the request, and one of the function's lines the same id."""
    if not is_monitored(unchanged):
        pytest.skip("set ONTRA_MONITORING=true if API Gateway may write logs in the account")
    unchanged.answer()
    name = unchanged.outputs["api"]["function_name"]

    def answered() -> list[dict[str, Any]]:
        return [line for line in logged(unchanged, f"/aws/apigateway/{name}") if line["status"] == "200"]

    access = poll(answered, LOG_SECONDS, every=1)[-1]
    path = f"/{unchanged.target.project.stage}/time"
    assert (access["method"], access["path"], access["error"]) == ("GET", path, "-")
    assert int(access["latency"]) >= int(access["integrationLatency"])

    def of_this_request() -> list[dict[str, Any]]:
        found = logged(unchanged, f"/aws/lambda/{name}")
        return [line for line in found if line.get("requestId") == access["functionRequestId"] and "level" in line]

    (line,) = poll(of_this_request, LOG_SECONDS, every=1)
    assert (line["level"], line["message"]) == ("INFO", "request")
    # The first request of each container.
    assert any(line.get("cold_start") for line in logged(unchanged, f"/aws/lambda/{name}"))


def is_monitored(deployment: Deployed) -> bool:
    """Whether alarms and access logs are deployed: on AWS if the user's settings say so."""
    return bool(deployment.outputs["api"]["alarms"])


def logged(deployment: Deployed, group: str) -> list[dict[str, Any]]:
    """The lines in a log group that are JSON, oldest first."""
    return [json.loads(line) for line in deployment.cloud.logs(group) if line.startswith("{")]


def test_the_pushed_image_is_a_plain_manifest(unchanged: Deployed, docker_engine: Engine) -> None:
    """Lambda accepts no index: the tag and the digest are of the manifest of one platform."""
    ecr = unchanged.cloud.client("ecr")
    outputs = unchanged.outputs
    pushed = {
        "repositoryName": outputs["registry"]["repository_name"],
        "imageIds": [{"imageDigest": outputs["api"]["image_digest"]}],
    }
    (described,) = ecr.describe_images(**pushed)["imageDetails"]
    assert described["imageTags"]
    (found,) = ecr.batch_get_image(**pushed)["images"]
    assert "manifests" not in json.loads(found["imageManifest"])
    assert image(unchanged, docker_engine).attrs["Architecture"] == docker_engine.architecture


@pytest.mark.embedded
def test_an_image_that_the_engine_has_lost_is_pulled_again(unchanged: Deployed, docker_engine: Engine) -> None:
    """By the embedded cloud, which logs in to its own registry; without a login, the registry refuses."""
    cloud = unchanged.cloud.process
    assert send(f"{cloud.url}/v2/_catalog").status == 401
    remove_leftovers(instance=cloud.instance, registry=cloud.registry)
    unchanged.answer()
    digest = unchanged.outputs["api"]["image_digest"]
    assert docker_engine.client.images.get(f"{cloud.registry}/{REPOSITORY}@{digest}")


@pytest.mark.embedded
def test_a_function_that_was_killed_is_started_anew(unchanged: Deployed, docker_engine: Engine) -> None:
    """And its container is removed."""
    unchanged.answer()
    killed = containers(unchanged, docker_engine)
    for container in killed:
        container.kill()
    # One that ran a moment ago is taken to run still: this request may find out that it does not.
    unchanged.http.get()
    assert unchanged.http.get().status == 200
    (running,) = containers(unchanged, docker_engine)
    assert running not in killed


@pytest.mark.embedded
def test_the_function_has_no_privileges(unchanged: Deployed, docker_engine: Engine) -> None:
    """As on Lambda; ministack ignores flags that it does not know."""
    unchanged.answer()
    (running,) = containers(unchanged, docker_engine)
    host = running.attrs["HostConfig"]
    assert (host["CapDrop"], host["SecurityOpt"]) == (["ALL"], ["no-new-privileges"])
    assert (host["ReadonlyRootfs"], host["Binds"], host["Privileged"]) == (True, None, False)


def test_the_function_runs_that_digest_behind_its_alias(unchanged: Deployed) -> None:
    """The function's image is named by digest, and `live` points at the published version of the outputs."""
    outputs = unchanged.outputs["api"]
    function = unchanged.cloud.client("lambda").get_function(FunctionName=outputs["function_name"], Qualifier="live")
    assert function["Code"]["ImageUri"].endswith(f"@{outputs['image_digest']}")
    assert function["Configuration"]["Version"] == outputs["function_version"]
    assert function["Configuration"]["Architectures"] == [unchanged.settings["architecture"]]


def test_nothing_to_do_the_second_time(unchanged: Deployed, capsys: pytest.CaptureFixture[str]) -> None:
    """With unchanged sources, a deployment changes nothing and says so."""
    before = unchanged.outputs
    assert unchanged.redeploy() == before
    assert "  no changes\n" in capsys.readouterr().err


def test_nothing_to_do_in_another_checkout_without_image_or_engine(
    unchanged: Deployed, cdktf_app: App, tmp_path: Path
) -> None:
    """Another folder, no image in the engine and no engine at all: the plan is still empty."""
    elsewhere = cdktf_app.copy(tmp_path / "elsewhere").root
    env = {**unchanged.env, "DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    for stack, options in (("registry", ()), ("api", ("--skip-synth",))):
        assert NO_CHANGES in cdktf("diff", stack, *options, project=elsewhere, env=env)


@pytest.mark.embedded
def test_no_plan_and_no_state_holds_a_secret(unchanged: Deployed) -> None:
    """The login and the keys are ephemeral: they are in no file that the tools leave."""
    folder = unchanged.folder
    (authorization,) = unchanged.cloud.client("ecr").get_authorization_token()["authorizationData"]
    token = authorization["authorizationToken"]
    password = base64.b64decode(token).partition(b":")[2]
    # Neither what the cloud itself keeps, nor the sources.
    files = [path for path in folder.rglob("*") if path.is_file() and path.relative_to(folder).parts[0] not in _OTHERS]
    assert any(path.name == "terraform.api.tfstate" for path in files)
    leaks = [path for path in files if password in path.read_bytes() or token.encode() in path.read_bytes()]
    assert leaks == []
    # What is given to child processes.
    secret = unchanged.cloud.process.credentials.secret_access_key.encode()
    assert [path.name for path in files if secret in path.read_bytes()] == ["environment.json"]


@pytest.mark.parametrize("aws", [False, True], ids=["local", "aws"])
def test_status_says_what_runs(unchanged: Deployed, aws: bool) -> None:
    """The same on AWS, where the outputs come from Terraform's state if nothing was deployed from here lately."""
    unchanged.answer()
    kept = unchanged.app.project.folder / "aws/stages" / commands.STAGE / "outputs.json"
    if aws:
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text('{"api": {"url": "http://localhost:1/of-before"}}')
        os.utime(kept, (0, 0))
    done = commands.run(unchanged, "status", "--json", aws=aws)
    told, outputs = json.loads(done.stdout), unchanged.outputs["api"]
    assert (told["url"], told["digest"]) == (outputs["url"], outputs["image_digest"])
    assert (told["version"], told["health"], told["kept"]) == (outputs["function_version"], "", True)
    assert sorted(told["alarms"]) == sorted(outputs["alarms"])
    # Other tests make the function fail.
    assert told["healthy"] == (done.returncode == 0) == ("ALARM" not in told["alarms"].values()), done.stderr


def test_logs_are_those_of_the_function(unchanged: Deployed) -> None:
    """A request leaves lines; a pattern selects among them, and what nothing has selects none."""
    unchanged.answer()

    def said(*options: str) -> list[str]:
        done = commands.run(unchanged, "logs", "--json", "--since", "99999d", *options)
        assert done.returncode == 0, done.stderr
        return [json.loads(line)["message"] for line in done.stdout.splitlines()]

    found = poll(lambda: said("--filter", "END"), LOG_SECONDS, every=1)
    assert found
    assert all("END" in message for message in found)
    assert said("--request-id", "none-has-it") == []


@pytest.mark.embedded
def test_doctor_asks_aws_for_what_the_stacks_need(unchanged: Deployed) -> None:
    """Each service, the quota and the app; what is refused is named with its fix, and the others are asked."""
    with unchanged.faults.on("ecr:DescribeRepositories", "denied", times=9):
        done = commands.run(unchanged, "doctor", "--json", aws=True)
    assert done.returncode == 1, done.stderr
    found = {finding["name"]: finding for finding in json.loads(done.stdout)}
    assert "account 000000000000" in found["credentials"]["said"]
    assert found["app"]["said"] == "synthesizes registry, api"
    rights = {name.removeprefix("rights: "): one["said"] for name, one in found.items() if name.startswith("rights")}
    assert rights == {
        "ecr": "may not read",
        **dict.fromkeys(("apigateway", "cloudwatch", "iam", "lambda", "logs", "sns"), "may read"),
    }
    assert "let this identity use ecr (AWS refused DescribeRepositories" in found["rights: ecr"]["fix"]
    assert "concurrent executions" in found["quotas"]["said"]


def test_invoke_calls_what_is_live(unchanged: Deployed, tmp_path: Path) -> None:
    """Without a file with the event that API Gateway sends; a file that is not JSON is refused in one line."""
    answer = json.loads(commands.run(unchanged, "invoke", "--json").stdout)
    assert answer["version"] == unchanged.outputs["api"]["function_version"]
    assert list(json.loads(answer["payload"]["body"])) == ["The current epoch time"]
    assert any(answer["request_id"] in line for line in answer["log"])
    (tmp_path / "event.json").write_text("{")
    refused = commands.run(unchanged, "invoke", str(tmp_path / "event.json"))
    assert (refused.returncode, refused.stdout) == (1, "")
    assert "event.json is not JSON" in refused.stderr


def test_what_was_changed_behind_our_back_is_found_and_made_as_it_was(unchanged: Deployed) -> None:
    """A deployment converges from the existing resources; `drift` names them before with what differs."""
    name = unchanged.outputs["api"]["function_name"]
    unchanged.cloud.client("logs").put_retention_policy(logGroupName=f"/aws/lambda/{name}", retentionInDays=30)
    unchanged.cloud.client("lambda").delete_function(FunctionName=name)
    done = commands.run(unchanged, "drift", aws=True)
    assert done.returncode == 2, done.stderr
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
    assert (done.returncode, done.stdout) == (0, "no drift\n"), done.stderr
    assert list(json.loads(unchanged.answer())) == ["The current epoch time"]
    unchanged.plan().assert_empty()


def test_a_changed_source_is_a_new_version_and_a_new_answer(edited: Edited) -> None:
    """New tag, new digest, new version, new answer; the old version stays to go back to.

    All that the function prints is in its log group, however much it is.
    """
    deployment, before, after = edited
    assert list(json.loads(deployment.answer())) == ["The epoch time now"]
    assert after["image_digest"] != before["image_digest"]
    assert after["function_version"] != before["function_version"]
    old = deployment.cloud.client("lambda").get_function(
        FunctionName=before["function_name"], Qualifier=before["function_version"]
    )
    assert old["Code"]["ImageUri"].endswith(f"@{before['image_digest']}")
    printed = deployment.cloud.logs(f"/aws/lambda/{after['function_name']}")
    # More than once where its first answer was late.
    assert [int(line) for line in printed if line.strip().isdecimal()][-LINES:] == list(range(LINES))
    if is_monitored(deployment):
        raises_an_alarm(deployment)


def raises_an_alarm(deployment: Deployed) -> None:
    """Errors of the function move the alarm's own expression over its threshold."""
    function, cloudwatch = deployment.cloud.client("lambda"), deployment.cloud.client("cloudwatch")
    name = deployment.outputs["api"]["function_name"]

    def alarm() -> Any:
        return cloudwatch.describe_alarms(AlarmNames=[f"{name}-errors"])["MetricAlarms"][0]

    def fail() -> bool:
        assert "FunctionError" in function.invoke(FunctionName=name, Qualifier="live", Payload=b'"fail"')
        return bool(alarm()["StateValue"] == "ALARM")

    assert alarm()["StateValue"] != "ALARM"
    # AWS evaluates it every minute, over metrics that are some minutes late.
    assert poll(fail, ALARM_SECONDS, every=0.5)
    (action,) = alarm()["AlarmActions"]
    assert re.fullmatch(rf"arn:aws:sns:[a-z0-9-]+:\d{{12}}:{name}-alarms", action)


def test_a_release_is_put_back_without_an_engine_and_the_next_deployment_goes_forward(
    edited: Edited, tmp_path: Path
) -> None:
    """Through Terraform, whose plan is empty afterwards; going forward again needs no push."""
    deployment, before, after = edited
    no_engine = {"DOCKER_HOST": f"unix://{tmp_path}/no-engine.sock"}
    done = commands.run(deployment, "rollback", before["function_version"], env=no_engine)
    assert done.returncode == 0, done.stderr
    assert "The current epoch time" in done.stdout
    listed = json.loads(commands.run(deployment, "releases", "--json", "--last", "3").stdout)
    assert [(entry["digest"], entry["live"], entry["kept"]) for entry in listed] == [
        (before["image_digest"], True, True),
        (after["image_digest"], False, True),
        (before["image_digest"], False, True),
    ]
    pushed = tags(deployment)
    assert deployment.redeploy()["api"]["image_digest"] == after["image_digest"]
    assert "The epoch time now" in deployment.answer()
    assert tags(deployment) == pushed
    deployment.plan().assert_empty()


def test_a_release_that_does_not_answer_is_undone(changeable: Deployed) -> None:
    """With the setting that says so; what answered before does so again, and is marked as good."""
    done = commands.run(changeable, "up")
    assert done.returncode == 0, done.stderr
    good = changeable.outputs["api"]["image_digest"]
    changeable.app.edit(SOURCE, "    return {", "    raise ValueError('broken')\n    return {")
    # AWS takes no values of its own metrics.
    if not isinstance(changeable, DeployedOnAws):
        fails_as_a_canary(changeable)
    done = commands.run(changeable, "up", "--undo")
    assert done.returncode == 1
    assert "is back" in done.stderr
    assert "The current epoch time" in changeable.answer()
    new, bad, old = json.loads(commands.run(changeable, "releases", "--json").stdout)[:3]
    assert [(entry["digest"] == good, entry["good"], entry["live"]) for entry in (new, bad, old)] == [
        (True, True, True),
        (False, False, False),
        (True, True, False),
    ]


def fails_as_a_canary(deployment: Deployed) -> None:
    """A version that fails when it is called by itself gets no calls, and one failure is enough."""
    alarms.calm(deployment)
    before = routing(deployment)
    done = commands.run(deployment, "up", env={"ONTRA_CANARY": "0.5"})
    new = int(json.loads(commands.run(deployment, "releases", "--json", "--last", "1").stdout)[0]["version"])
    assert (done.returncode, done.stderr.splitlines()[-1]) == (
        1,
        f"error: version {new} fails (ValueError: broken (/var/task/app.py, line 19)): {before[0]} keeps all calls",
    )
    assert routing(deployment) == before
    lines = logged(deployment, f"/aws/lambda/{deployment.outputs['api']['function_name']}")
    assert len([line for line in lines if line.get("errorType") == "ValueError"]) == 1


@pytest.mark.embedded
def test_a_canary_gets_all_calls_or_none_by_the_alarms(unchanged: Deployed, changeable: Deployed) -> None:
    """Both versions answer by their weights, until an alarm goes on: then the one before has all calls again.

    If somebody else gave them to other versions meanwhile, they stay there. Another attempt without an alarm gives the
    new one all calls. Terraform's plan is empty after both.
    """
    alarms.calm(changeable)
    old = unchanged.outputs["api"]["function_version"]
    changeable.app.edit(SOURCE, "The current epoch time", "The epoch time now")
    with commands.running(changeable, "up", env={"ONTRA_CANARY": "0.5"}) as up:
        poll(lambda: routing(changeable)[1], 120, every=0.2)
        with changeable.faults.on("cloudwatch:DescribeAlarms", "late", seconds=0) as watched:
            watched.wait()
        alias = {"FunctionName": changeable.outputs["api"]["function_name"], "Name": "live"}
        changeable.cloud.client("lambda").update_alias(**alias, RoutingConfig={"AdditionalVersionWeights": {}})
        alarms.throttle(changeable, 1)
        _, said = up.communicate(timeout=120)
    alarms.throttle(changeable, -1)
    assert "the calls were given to other versions meanwhile, where they stay: see `make local-releases`" in said
    assert routing(changeable) == (old, {})
    with commands.running(changeable, "up", env={"ONTRA_CANARY": "0.5"}) as up:
        answers = poll_answers(changeable, 2)
        assert answers == {"The current epoch time", "The epoch time now"}
        told = json.loads(commands.run(changeable, "status", "--json").stdout)
        assert (told["version"], told["canary"]["share"], told["canary"]["main"]) == (old, 0.5, old)
        alarms.throttle(changeable, 1)
        _, said = up.communicate(timeout=120)
    refused = commands.run(changeable, "up", env={"ONTRA_CANARY": "0.5"})
    assert refused.returncode == 1
    assert "ontra-dev-throttles is on already, so nothing can judge a canary: ONTRA_CANARY=0" in refused.stderr
    alarms.throttle(changeable, -1)
    new = told["canary"]["version"]
    assert (up.returncode, said.splitlines()[-1]) == (
        1,
        f"error: ontra-dev-throttles went on: version {new} is undone, {old} has all calls",
    )
    assert routing(changeable) == (old, {})
    changeable.changed(main_version=old).assert_empty()
    done = commands.run(changeable, "up", env={"ONTRA_CANARY": "0.5", "ONTRA_CANARY_MINUTES": "0"})
    assert done.returncode == 0, done.stderr
    assert f"version {new} gets 50 % of the calls" in done.stderr
    assert routing(changeable) == (new, {})
    changeable.changed(canary=0.5, canary_minutes=0).assert_empty()


def routing(deployment: Deployed) -> tuple[str, dict[str, float]]:
    """The version that the alias points to, and the weights of others."""
    name = deployment.outputs["api"]["function_name"]
    alias = deployment.cloud.client("lambda").get_alias(FunctionName=name, Name="live")
    return alias["FunctionVersion"], alias.get("RoutingConfig", {})


def poll_answers(deployment: Deployed, number: int) -> set[str]:
    """The keys of the answers of the URL, when there are so many different ones."""
    found: set[str] = set()

    def ask() -> set[str]:
        found.update(json.loads(deployment.answer()))
        return found

    return poll(ask, 120, until=lambda found: len(found) == number, every=0.2)


def test_an_api_with_a_key_is_asked_with_it(changeable: Deployed) -> None:
    """The commands find the key by the output that names it; others are refused."""
    changeable.redeploy(api_key="true")
    assert changeable.http.get().status == 403
    told = json.loads(commands.run(changeable, "status", "--json").stdout)
    assert (told["url"], told["health"]) == (changeable.url, "")


def test_the_same_source_is_pushed_again_to_a_repository_of_immutable_tags(changeable: Deployed) -> None:
    """From another machine or after the state was lost: each push has a tag of its own, so none is refused."""
    before = tags(changeable)
    changeable.cdktf("destroy", "api", "--auto-approve")
    outputs = changeable.redeploy()["api"]
    assert len(tags(changeable)) == len(before) + 1
    assert "The current epoch time" in changeable.answer()
    assert outputs["image_digest"]


@pytest.mark.embedded
def test_another_architecture_is_emulated(
    changeable: Deployed, deployment_settings: dict[str, str], docker_engine: Engine
) -> None:
    """An image and a function of the one that is not the engine's own; it answers."""
    other = {"x86_64": "arm64", "arm64": "x86_64"}[deployment_settings["architecture"]]
    outputs = changeable.redeploy(architecture=other)["api"]
    assert image(changeable, docker_engine).attrs["Architecture"] == {"x86_64": "amd64"}.get(other, other)
    function = changeable.cloud.client("lambda").get_function(FunctionName=outputs["function_name"])
    assert function["Configuration"]["Architectures"] == [other]
    assert "epoch time" in changeable.answer()


@pytest.mark.embedded
def test_destroy_leaves_nothing(changeable: Deployed, shared: Shared, assert_converges: Converges) -> None:
    """A second plan is empty, and `cdktf destroy` leaves cloud and engine empty."""
    shared.changes.append(DESTROYED)
    assert_converges(deployment=changeable)


def tags(deployment: Deployed) -> set[str]:
    """Return the tags of the images in the repository, without those of releases."""
    name = deployment.outputs["registry"]["repository_name"]
    found = deployment.cloud.client("ecr").describe_images(repositoryName=name)["imageDetails"]
    return {tag for image in found for tag in image["imageTags"] if not tag.startswith("release-")}
