"""An API that takes jobs, a worker that does them, and what is between: a queue, a table and a schedule."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TypedDict

from cdktf import App, TerraformOutput, TerraformStack

from cdktf_lambda_api import (
    Access,
    Cloud,
    Function,
    Image,
    Monitoring,
    Queue,
    RegistryLogin,
    Repository,
    RestApi,
    Route,
    Secret,
    Table,
    TokenAuthorizer,
    Traffic,
)

FOLDER = Path(__file__).parent
# API Gateway answers any other body with 400 and the reason.
JOB = {
    "type": "object",
    "required": ["square"],
    "properties": {"square": {"type": "integer"}},
    "additionalProperties": False,
}


class Build(TypedDict):
    """The arguments of what builds an image."""

    repository: Repository
    architecture: str
    build_args: dict[str, str]


app = App()


def setting(key: str) -> str:
    """Return a setting: a variable JOBS_KEY, else `context` of cdktf.json."""
    return os.environ.get(f"JOBS_{key.upper()}") or str(app.node.try_get_context(key) or "")


name = setting("name")
# The harness sets the URL of the embedded cloud.
cloud = Cloud(setting("region"), setting("cloud"))
stack = TerraformStack(app, "jobs")
cloud.provide(stack, tags={"Project": name}, services=["dynamodb", "events", "secretsmanager", "sqs"])
RegistryLogin(stack, "login", cloud=cloud)

queue = Queue(stack, "queue", name=name, visibility_s=30, retention_days=int(setting("days_kept")))
table = Table(stack, "results", name=f"{name}-results", keys={"id": "S"}, expires="expires")
# Without a value: `cdktf-harness secret jobs-token` sets it.
token = Secret(stack, "token", name=f"{name}-token", recovery_days=0)


def own(key: str) -> Build:
    """Return what images are built with, and a repository of its own."""
    named = f"{name}-{key}"
    repository = Repository(stack, f"{key}-repository", name=named, cloud=cloud, images_kept=10, force_delete=True)
    build_args = json.loads(setting("build_args") or "{}")
    return {"repository": repository, "architecture": setting("architecture"), "build_args": build_args}


def function(key: str, **environment: str) -> Function:
    """Return the function whose image is the folder `key`."""
    image = Image(stack, f"{key}-image", folder=FOLDER / key, pinned=setting(f"{key}_digest"), **own(key))
    traffic = Traffic(setting(f"{key}_main_version"), float(setting("canary") or 0))
    named, variables = f"{name}-{key}", {"TABLE": table.name, **environment}
    # API Gateway's own time-out: a busy machine starts a function slowly.
    # checkov:skip=CKV_AWS_173: no variable is a secret
    return Function(stack, key, name=named, image=image, timeout_s=29, environment=variables, traffic=traffic)


variables = {"QUEUE_URL": queue.url, "ORIGIN": setting("origin")}
api_function = function("api", **variables, SECRET=token.arn, SECRET_SECONDS=setting("secret_seconds"))
api_function.grant(queue, "send")
api_function.grant(table, "read")
api_function.grant(token, "read")
worker = function("worker")
worker.grant(table, "read")
worker.grant(table, "write")
worker.on_queue(queue)
worker.on_schedule(setting("schedule"))

# With an issuer, who sends jobs signs in there; without, a key is enough.
issuer = setting("issuer")
authorizer = None
if issuer:
    sign_in = own("sign-in")
    authorizer = TokenAuthorizer(stack, "sign-in", name=f"{name}-sign-in", issuer=issuer, audience=name, **sign_in)
routes = {
    "GET /jobs": Route(api_function, auth="key"),
    "POST /jobs": Route(api_function, scopes=["jobs/write"], model=JOB),
    "GET /jobs/{id}": Route(api_function, scopes=["jobs/read"]),
    "GET /jobs/admin": Route(api_function, auth="iam"),
}
api = RestApi(
    stack,
    "rest",
    name=name,
    stage="v1",
    cloud=cloud,
    routes=routes,
    auth="token" if issuer else "key",
    authorizer=authorizer,
    cors=setting("origin"),
)
access = Access(
    stack,
    "access",
    api=api,
    rate_limit=100,
    burst_limit=200,
    api_key=True,
    requests_per_day=int(setting("requests_per_day")),
)
functions = {"api": api_function, "worker": worker}
monitoring = Monitoring(
    stack,
    "monitoring",
    api=api,
    functions=list(functions.values()),
    cloud=cloud,
    latency_ms=3000,
    log_retention_days=14,
    runbook="README.md",
)

TerraformOutput(stack, "url", value=f"{api.url}/jobs")
TerraformOutput(stack, "key_id", value=access.key_id)
TerraformOutput(stack, "queue_url", value=queue.url)
TerraformOutput(stack, "dead_url", value=queue.dead.url)
TerraformOutput(stack, "functions", value={key: one.function_name for key, one in functions.items()})
TerraformOutput(stack, "repositories", value={key: one.function_name for key, one in functions.items()})
TerraformOutput(stack, "alias", value=worker.alias_name)
TerraformOutput(stack, "alarms", value=[*monitoring.alarms, queue.alarm, worker.failed.alarm])
TerraformOutput(stack, "canary_minutes", value=float(setting("canary_minutes")))
app.synth()
