"""The commands on AWS in the life of a deployment, as a principal of an account that evaluates policies."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import ACCOUNT, HOST, Cloud, remove_leftovers
from cdktf_harness.cloud.permissions import decisions
from cdktf_harness.cloud.permissions.decisions import Decision
from cdktf_harness.deployment.aws.deployment import Account
from cdktf_harness.deployment.aws.iam_policy import Part, Principal, policy
from cdktf_harness.deployment.images import bases_for
from cdktf_harness.docker.engine import Engine
from cdktf_harness.project import environment
from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin import App
from cdktf_harness.system.progress import Steps

REGION, STAGE, BUCKET = "eu-central-1", "dev", "states"
ACL = f"arn:aws:wafv2:{REGION}:{ACCOUNT}:regional/webacl/ours/"
KEY = f"arn:aws:kms:{REGION}:{ACCOUNT}:key/"
# Everything that the stacks can have.
SETTINGS = {
    "stage": STAGE,
    "state_bucket": BUCKET,
    "web_acl_arn": f"{ACL}0a1b",
    "signing_key": f"{KEY}ID",
    "permissions_boundary": f"arn:aws:iam::{ACCOUNT}:policy/roles",
    "monitoring": "true",
    "alarm_email": "ops@example.com",
    "api_gateway_role": "true",
    "api_key": "true",
    "reserved_concurrency": "5",
    "timeout_s": "29",
}
# What a second deployment changes, beside the source.
CHANGED = {
    "memory_mb": "256",
    "reserved_concurrency": "-1",
    "log_retention_days": "7",
    "images_kept": "5",
    "rate_limit": "50",
    "alarm_latency_ms": "2000",
}
STEPS = ("bootstrap", "build", "build after a change", "promote", "on call", "rollback", "destroy")
NO_OTHER: Mapping[str, str] = {}
_COMMAND = Path(sys.executable).parent / "cdktf-harness"


def policy_of(project: Project, part: Part = "deploy", stage: str = "", *, reads: bool = False) -> dict[str, Any]:
    """The policy that `make policy` prints for a stage of the life's account."""
    return policy(project, Principal(Account(ACCOUNT, REGION), part, stage, reads))


@dataclass
class Life:
    """A checkout, an account, and the keys of its principals."""

    app: App
    cloud: Cloud
    env: Mapping[str, str]

    def policy(self, part: Part, stage: str = STAGE, *, reads: bool = False) -> dict[str, Any]:
        """The policy that `make policy` prints for the account and the settings of this life."""
        made = {name: self.env[f"ONTRA_{name.upper()}"] for name in ("web_acl_arn", "signing_key")}
        given = {**SETTINGS, **made}
        return policy_of(replace(self.app.project, given=given), part, stage, reads=reads)

    def principal(self, name: str, document: Mapping[str, Any]) -> str:
        """Make a user, with only this policy; return the name."""
        iam = self.cloud.client("iam")
        if name not in self._keys:
            iam.create_user(UserName=name)
            key = iam.create_access_key(UserName=name)["AccessKey"]
            self._keys[name] = {
                "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            }
        iam.put_user_policy(UserName=name, PolicyName="only", PolicyDocument=json.dumps(document))
        return name

    def run(
        self, name: str, *command: str, settings: Mapping[str, str] = NO_OTHER, env: Mapping[str, str] = NO_OTHER
    ) -> subprocess.CompletedProcess[str]:
        """Run a command on AWS as a principal, with other settings and more variables."""
        keys = self._keys[name]
        variables = {f"ONTRA_{key.upper()}": value for key, value in {**SETTINGS, **settings}.items()}
        variables |= {
            "TF_VAR_access_key": keys["AWS_ACCESS_KEY_ID"],
            "TF_VAR_secret_key": keys["AWS_SECRET_ACCESS_KEY"],
        }
        return subprocess.run(
            [_COMMAND, "aws", *command],
            cwd=self.app.root,
            env={**variables, **self.env, **keys, **env},
            capture_output=True,
            text=True,
        )

    def profile(self, name: str) -> dict[str, str]:
        """Return the variables with which a command finds a principal's keys as the profile of its name."""
        file = self.cloud.folder / f"{name}.ini"
        file.write_text(
            f"[{name}]\n" + "".join(f"{key.lower()} = {value}\n" for key, value in self._keys[name].items())
        )
        return {"AWS_SHARED_CREDENTIALS_FILE": str(file)}

    def decisions(self, name: str) -> list[Decision]:
        """What was decided for a principal since it was asked last."""
        found = list(decisions.read(self.cloud.folder, self._keys[name]["AWS_ACCESS_KEY_ID"]))
        new = found[self._read.get(name, 0) :]
        self._read[name] = len(found)
        return new

    def __post_init__(self) -> None:
        self._keys: dict[str, dict[str, str]] = {}
        self._read: dict[str, int] = {}


def _made_before(cloud: Cloud) -> dict[str, str]:
    """Make what the settings name and the stacks do not have; return the variables of what has a random id."""
    bounds = {"Effect": "Allow", "Action": ["logs:*", "xray:*"], "Resource": "*"}
    document = json.dumps({"Version": "2012-10-17", "Statement": [bounds]})
    cloud.client("iam").create_policy(PolicyName="roles", PolicyDocument=document)
    visibility = {"SampledRequestsEnabled": False, "CloudWatchMetricsEnabled": False, "MetricName": "ours"}
    acl = {"Name": "ours", "Scope": "REGIONAL", "DefaultAction": {"Allow": {}}, "VisibilityConfig": visibility}
    key = cloud.client("kms").create_key(KeySpec="ECC_NIST_P256", KeyUsage="SIGN_VERIFY")["KeyMetadata"]
    return {
        "ONTRA_WEB_ACL_ARN": cloud.client("wafv2").create_web_acl(**acl)["Summary"]["ARN"],
        "ONTRA_SIGNING_KEY": key["Arn"],
    }


@contextmanager
def life_in(folder: Path, app: App, engine: Engine) -> Iterator[Life]:
    """A life whose files are in `folder`; nothing of it is left."""
    copy = app.copy(folder / "app")
    native = {"amd64": "x86_64"}.get(engine.architecture, engine.architecture)
    project = replace(copy.project, given={"architecture": native})
    cloud = Cloud(folder / "aws", REGION)
    cloud.start(enforced=True)
    try:
        # By its number: SDKs then put the bucket into the path.
        env = environment.local(region=REGION, endpoint=f"http://{HOST}:{cloud.port}", credentials={})
        env |= environment.path() | {
            "PROVIDERS": "bundled",
            "HOME": str(Path.home()),
            "COLUMNS": "200",
            "ONTRA_TARGET": "local",
            "ONTRA_ENDPOINT": cloud.url,
            "ONTRA_ARCHITECTURE": native,
            "ONTRA_BUILD_ARGS": json.dumps(bases_for(project, engine, Steps(quiet=True))),
        }
        yield Life(copy, cloud, {**env, **_made_before(cloud)})
    finally:
        cloud.stop()
        remove_leftovers(instance=cloud.instance, registry=cloud.registry)
