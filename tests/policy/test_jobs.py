"""examples/jobs is deployed, changed and removed by a user with nothing but its policy, all of which is needed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from cdktf_harness.cloud import ACCOUNT, HOST, Cloud, remove_leftovers
from cdktf_harness.cloud.permissions import decisions
from cdktf_harness.cloud.permissions.decisions import Decision, decider
from cdktf_harness.deployment.aws.deployment import Account
from cdktf_harness.deployment.aws.iam_policy import Principal, policy
from cdktf_harness.deployment.images import bases_for
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project import environment
from cdktf_harness.project.project import find
from cdktf_harness.system.progress import Steps
from checkout import PROJECT

pytestmark = [pytest.mark.docker, pytest.mark.life]
REGION = "eu-west-1"
_HERE = f"{REGION}:{ACCOUNT}:"
# What AWS and the real provider ask for beside the calls of the bundled one (Service Authorization Reference; by its
# source, hashicorp/aws 6.25): to tag what is created, the parts of a bucket, what is in it, and the state of records.
FURTHER = {
    f"dynamodb:{_HERE}table/jobs-results": "dynamodb:TagResource",
    f"lambda:{_HERE}event-source-mapping:1": "lambda:ListTags lambda:TagResource",
    f"lambda:{_HERE}function:jobs-api": "lambda:ListTags",
    f"iam::{ACCOUNT}:role/jobs-api": "iam:ListInstanceProfilesForRole",
    "route53:::change/1": "route53:GetChange",
    "s3:::jobs-uploads": "s3:GetBucketCORS s3:GetBucketLogging s3:GetBucketWebsite s3:GetLifecycleConfiguration "
    "s3:GetReplicationConfiguration",
    "s3:::jobs-uploads/a": "s3:DeleteObject s3:DeleteObjectVersion",
    f"secretsmanager:{_HERE}secret:jobs-token-1a2b3c": "secretsmanager:GetResourcePolicy secretsmanager:TagResource",
    f"sqs:{_HERE}jobs": "sqs:TagQueue",
    f"ssm:{_HERE}parameter/jobs/limit": "ssm:AddTagsToResource",
    f"acm:{_HERE}certificate/1": "acm:AddTagsToCertificate",
}


def test_jobs_lives_with_its_policy_alone(
    docker_engine: Engine, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each command ends well with both kinds of API and a domain; without any one action, a call is refused."""
    root = shutil.copytree(
        PROJECT / "examples" / "jobs", tmp_path / "jobs", ignore=shutil.ignore_patterns("__pycache__")
    )
    cloud = Cloud(tmp_path / "aws", REGION)
    cloud.start(enforced=True)
    try:
        zones = cloud.client("route53")
        zone = zones.create_hosted_zone(Name="example.test", CallerReference="1")["HostedZone"]["Id"].split("/")[-1]
        settings = {"JOBS_DOMAIN": "jobs.example.test", "JOBS_ZONE_ID": zone, "JOBS_BUDGET_EMAIL": "a@example.com"}
        for name, value in settings.items():
            monkeypatch.setenv(name, value)
        project = find(root)
        document = policy(project, Principal(Account(ACCOUNT, REGION)))
        iam = cloud.client("iam")
        iam.create_user(UserName="deployer")
        iam.put_user_policy(UserName="deployer", PolicyName="only", PolicyDocument=json.dumps(document))
        key = iam.create_access_key(UserName="deployer")["AccessKey"]
        keys = {"ACCESS_KEY": key["AccessKeyId"], "SECRET_KEY": key["SecretAccessKey"]}
        native = {"amd64": "x86_64"}.get(docker_engine.architecture, docker_engine.architecture)
        env = {
            **environment.local(region=REGION, endpoint=f"http://{HOST}:{cloud.port}", credentials={}),
            **environment.path(),
            "PROVIDERS": "bundled",
            "HOME": str(Path.home()),
            "COLUMNS": "200",
            "JOBS_CLOUD": cloud.url,
            "JOBS_ARCHITECTURE": native,
            "JOBS_BUILD_ARGS": json.dumps(bases_for(project, docker_engine, Steps(quiet=True))),
            "AWS_ACCESS_KEY_ID": keys["ACCESS_KEY"],
            "AWS_SECRET_ACCESS_KEY": keys["SECRET_KEY"],
            **{f"TF_VAR_{name.lower()}": value for name, value in keys.items()},
        }
        command, given = Path(sys.executable).parent / "cdktf-harness", b"a value"
        for arguments, more in (
            (("up",), {}),
            (("secret", "jobs-token"), {}),
            (("secret", "/jobs/limit"), {}),
            (("up",), {"JOBS_API": "http", "JOBS_DAYS_KEPT": "7", **settings}),
            (("down",), {"JOBS_API": "http", **settings}),
        ):
            variables = {**env, **more}
            done = subprocess.run(
                [command, "aws", *arguments], cwd=root, env=variables, input=given, capture_output=True
            )
            assert done.returncode == 0, f"{arguments}: {os.fsdecode(done.stdout + done.stderr)}"
        calls = list(decisions.read(cloud.folder, keys["ACCESS_KEY"]))
    finally:
        cloud.stop()
        remove_leftovers(instance=cloud.instance, registry=cloud.registry)
    assert [call for call in calls if not call.allowed] == []
    calls += [Decision("", one, f"arn:aws:{arn}", {}) for arn, actions in FURTHER.items() for one in actions.split()]
    needless = []
    for statement in document["Statement"]:
        for action in statement["Action"]:
            less = [
                {**other, "Action": [one for one in other["Action"] if other is not statement or one != action]}
                for other in document["Statement"]
            ]
            allows = decider({"Statement": [other for other in less if other["Action"]]})
            if all(allows(call) for call in calls if call.action == action):
                needless.append((statement["Sid"], action))
    assert needless == []
