"""Terraform's state in a bucket: `aws bootstrap` makes it, `aws move-state` moves states there and back."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import plain_app
import pytest

from cdktf_harness.cloud import Cloud, Faults
from cdktf_harness.deployment.aws.deployment import Account
from cdktf_harness.deployment.aws.state_bucket import bootstrap
from cdktf_harness.system.errors import HarnessError

from .conftest import stand_for_aws
from .running import Ended, found, run, succeed, write_app

REGION = "eu-west-2"
APP = """
import os

bucket = os.environ.get("APP_STATE_BUCKET")
s3 = {"bucket": bucket, "key": "hello.tfstate", "region": "eu-west-2", "encrypt": True, "use_lockfile": True}
backend = {"s3": s3} if bucket else {"local": {"path": f"{os.getcwd()}/hello.tfstate"}}
synth({"hello": {
    "terraform": {"backend": backend},
    "resource": {"terraform_data": {"kept": {"input": os.environ.get("APP_INPUT", "made once")}}},
    "output": {"id": {"value": "${terraform_data.kept.id}"}},
}})
"""
FILES = plain_app.files(APP, "hello", table='settings_prefix = "APP_"\n')


@pytest.fixture
def account(cloud: Cloud, monkeypatch: pytest.MonkeyPatch) -> Account:
    """An embedded cloud that stands for AWS."""
    stand_for_aws(cloud, monkeypatch, region=REGION)
    return Account("000000000000", REGION)


@pytest.fixture
def s3(account: Account) -> Any:
    """A client of the account."""
    import boto3

    return boto3.client("s3", region_name=account.region)


def test_bootstrap_makes_a_bucket_once(account: Account, s3: Any) -> None:
    """Private, versioned, encrypted, over TLS only; a second run repairs what was changed."""
    assert bootstrap(account, "made")
    s3.put_bucket_versioning(Bucket="made", VersioningConfiguration={"Status": "Suspended"})
    s3.delete_public_access_block(Bucket="made")
    assert not bootstrap(account, "made")
    assert s3.get_bucket_versioning(Bucket="made")["Status"] == "Enabled"
    assert all(s3.get_public_access_block(Bucket="made")["PublicAccessBlockConfiguration"].values())
    (rule,) = s3.get_bucket_encryption(Bucket="made")["ServerSideEncryptionConfiguration"]["Rules"]
    assert rule["ApplyServerSideEncryptionByDefault"]["SSEAlgorithm"] == "AES256"
    (statement,) = json.loads(s3.get_bucket_policy(Bucket="made")["Policy"])["Statement"]
    assert (statement["Effect"], statement["Condition"]) == ("Deny", {"Bool": {"aws:SecureTransport": "false"}})
    (rule,) = s3.get_bucket_lifecycle_configuration(Bucket="made")["Rules"]
    assert rule["NoncurrentVersionExpiration"] == {"NoncurrentDays": 90}


def test_bootstrap_refuses_a_stranger_s_bucket(account: Account, s3: Any) -> None:
    """One of somebody's own, in another region, of another account, or none at all: nothing of it is changed."""
    where = {"CreateBucketConfiguration": {"LocationConstraint": REGION}}
    s3.create_bucket(Bucket="theirs", **where)
    with pytest.raises(HarnessError, match=r"^bucket theirs was not made for Terraform's state: name another bucket"):
        bootstrap(account, "theirs")
    assert "Status" not in s3.get_bucket_versioning(Bucket="theirs")
    bootstrap(account, "ours")
    with pytest.raises(HarnessError, match=f"^bucket ours is in {REGION}, not in eu-west-1"):
        bootstrap(Account(account.number, "eu-west-1"), "ours")
    with pytest.raises(HarnessError, match=r"^bucket ours is not one of account 111111111111"):
        bootstrap(Account("111111111111", REGION), "ours")
    with pytest.raises(HarnessError, match=r"^Parameter validation failed: Invalid bucket name"):
        bootstrap(account, "not a name")


def test_an_aws_that_does_not_answer_any_more_is_one_line(
    account: Account, cloud: Cloud, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The network may go away after the account was found; what was made until then is gone on with."""
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    faults = Faults(cloud.folder)
    for bucket, fault in (("created", faults.on("s3:CreateBucket", "lost")), ("open", faults.on("s3:Put*", "reset"))):
        with fault, pytest.raises(HarnessError, match=r"^AWS does not answer \(.*check the network"):
            bootstrap(account, bucket)
        assert not bootstrap(account, bucket)


def test_a_state_moves_to_the_bucket_and_back(account: Account, s3: Any, tmp_path: Path) -> None:
    """Nothing is re-created; the previous place is empty."""
    write_app(tmp_path, FILES)

    def aws(*arguments: str, bucket: str = "") -> Ended:
        return succeed(tmp_path, "aws", *arguments, PROVIDERS="bundled", APP_STATE_BUCKET=bucket)

    def up(bucket: str = "") -> str:
        (line,) = [line.strip() for line in aws("up", bucket=bucket).lines if '"id"' in line]
        return line

    def notes() -> list[Path]:
        return [path for path in found(tmp_path, "terraform.tfstate") if path.parent.name == ".terraform"]

    nothing = run(tmp_path, "aws", "get", PROVIDERS="bundled")
    assert nothing.lines[-1] == "error: nothing is deployed; `cdktf-harness aws up` does it"
    made = up()
    assert "Next" in aws("bootstrap", "--bucket", "team").output
    aws("move-state", "state_bucket=", bucket="team")
    assert [path.name for path in tmp_path.glob("*tfstate*")] == ["hello.tfstate.moved"]
    moved = json.loads(s3.get_object(Bucket="team", Key="hello.tfstate")["Body"].read())
    assert moved["outputs"]["id"]["value"] in made
    # In the folder where it was deployed with the other backend.
    assert up("team") == made
    assert notes() != []
    lock = {"ID": "0a1b", "Operation": "OperationTypeApply", "Who": "anna@build", "Created": "2026-02-03T04:05:06.7Z"}
    s3.put_object(Bucket="team", Key="hello.tfstate.tflock", Body=json.dumps({**lock, "Path": "team/hello.tfstate"}))
    held = run(tmp_path, "aws", "up", PROVIDERS="bundled", APP_STATE_BUCKET="team").lines[-1]
    assert ": anna@build holds it since 2026-02-03 04:05:06 UTC: wait until that command has ended; if it was" in held
    (unlock,) = re.findall("`(.*)` removes the lock$", held)
    # That the state is unlocked, it asks a person.
    done = subprocess.run(shlex.split(unlock), cwd=tmp_path, input="yes\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert up("team") == made
    elsewhere = run(tmp_path, "aws", "up", PROVIDERS="bundled")
    assert elsewhere.lines[-1] == (
        "error: the state of stack hello is in team: `cdktf-harness aws move-state state_bucket=team` moves it"
    )
    assert "  moved: hello" in aws("move-state", "state_bucket=team").lines
    assert "Contents" not in s3.list_objects_v2(Bucket="team")
    # Terraform would refuse another backend than the one that it noted.
    assert notes() == []
    back = json.loads((tmp_path / "hello.tfstate").read_text())
    assert [back[key] for key in ("resources", "outputs")] == [moved[key] for key in ("resources", "outputs")]
