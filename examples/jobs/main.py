"""An API that takes jobs, a worker that does them, and what is between: a queue, a table and a schedule."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TypedDict

from cdktf import App, TerraformOutput, TerraformStack

from cdktf_lambda_api import (
    Access,
    Bucket,
    Budget,
    Cloud,
    Domain,
    Function,
    HttpApi,
    Image,
    Issuer,
    Monitoring,
    Parameter,
    Queue,
    RegistryLogin,
    Repository,
    RestApi,
    Route,
    Secret,
    Table,
    TokenAuthorizer,
    Topic,
    Traffic,
)

FOLDER = Path(__file__).parent
SERVICES = ["acm", "apigatewayv2", "budgets", "dynamodb", "events", "route53", "s3", "secretsmanager", "sqs", "ssm"]
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
cloud.provide(stack, tags={"Project": name}, services=SERVICES)
RegistryLogin(stack, "login", cloud=cloud)

queue = Queue(stack, "queue", name=name, visibility_s=30, retention_days=int(setting("days_kept")))
table = Table(stack, "results", name=f"{name}-results", keys={"id": "S"}, expires="expires")
# Without a value: `cdktf-harness secret jobs-token` sets it.
token = Secret(stack, "token", name=f"{name}-token", recovery_days=0)
limit = Parameter(stack, "limit", name=f"/{name}/limit")
topic = Topic(stack, "topic", name=name)
bucket = Bucket(stack, "bucket", name=setting("bucket"), force_delete=True)


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
api_function = function(
    "api", **variables, SECRET=token.arn, LIMIT=limit.name, SECRET_SECONDS=setting("secret_seconds")
)
api_function.grant(queue, "send")
api_function.grant(table, "read")
api_function.grant(token, "read")
api_function.grant(limit, "read")
worker = function("worker")
worker.grant(table, "write")
worker.on_queue(queue)
worker.on_schedule(setting("schedule"))
worker.on_topic(topic)
worker.grant(bucket, "read")
worker.on_bucket(bucket)

# With an issuer, who sends jobs signs in there; without, a key is enough. An HTTP API has neither keys nor models.
issuer, kind = setting("issuer"), setting("api") or "rest"
if kind not in ("rest", "http"):
    raise SystemExit(f"api: {kind!r} is no kind of API; fix it to rest or http")
http = kind == "http"
routes = {
    "GET /jobs": Route(api_function, auth="none" if http else "key"),
    "POST /jobs": Route(api_function, scopes=["jobs/write"], model=None if http else JOB),
    "GET /jobs/{id}": Route(api_function, scopes=["jobs/read"]),
    "GET /jobs/admin": Route(api_function, auth="iam"),
}
origin, authorizer = setting("origin"), None
api: RestApi | HttpApi
if http:
    signs_in, auth = Issuer(issuer, audience=name) if issuer else None, "token" if issuer else "none"
    api = HttpApi(
        stack, "http", name=name, stage="v1", cloud=cloud, routes=routes, auth=auth, authorizer=signs_in, cors=origin
    )
else:
    if issuer:
        sign_in = own("sign-in")
        authorizer = TokenAuthorizer(stack, "sign-in", name=f"{name}-sign-in", issuer=issuer, audience=name, **sign_in)
    auth = "token" if issuer else "key"
    api = RestApi(
        stack, "rest", name=name, stage="v1", cloud=cloud, routes=routes, auth=auth, authorizer=authorizer, cors=origin
    )
access = Access(
    stack,
    "access",
    api=api,
    rate_limit=100,
    burst_limit=200,
    api_key=not http,
    requests_per_day=0 if http else int(setting("requests_per_day")),
)
url = api.url
if setting("domain"):
    zone, certificate = setting("zone_id"), setting("certificate_arn")
    domain = Domain(
        stack, "domain", name=setting("domain"), api=api, cloud=cloud, zone_id=zone, certificate_arn=certificate
    )
    url = domain.url
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
if setting("budget_email"):
    emails, usd = [setting("budget_email")], float(setting("monthly_usd"))
    Budget(stack, "budget", name=name, monthly_usd=usd, tag=("Project", name), emails=emails)

TerraformOutput(stack, "url", value=f"{url}/jobs")
TerraformOutput(stack, "key_id", value=access.key_id)
TerraformOutput(stack, "queue_url", value=queue.url)
TerraformOutput(stack, "failed_url", value=worker.failed.url)
TerraformOutput(stack, "topic_arn", value=topic.arn)
TerraformOutput(stack, "bucket_name", value=bucket.name)
TerraformOutput(stack, "dead_url", value=queue.dead.url)
TerraformOutput(stack, "functions", value={key: one.function_name for key, one in functions.items()})
TerraformOutput(stack, "repositories", value={key: one.function_name for key, one in functions.items()})
TerraformOutput(stack, "alias", value=worker.alias_name)
TerraformOutput(stack, "alarms", value=[*monitoring.alarms, queue.alarm, worker.failed.alarm])
TerraformOutput(stack, "canary_minutes", value=float(setting("canary_minutes")))
app.synth()
