"""The embedded cloud accepts calls with its own credentials only, to the services that it serves."""

from __future__ import annotations

import hashlib
import json
import os
import pwd
import shutil
import socket
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from signed import send_signed

from cdktf_harness.cloud.access_config import NAME, Credentials
from cdktf_harness.docker.engine import Engine
from cdktf_harness.system.http import send
from terraform_standins.waiting import poll

from .conftest import Running, refusal, refused


def test_each_cloud_has_its_own_for_its_owner_only(running: Running, tmp_path: Path) -> None:
    """They are random, in a file that only the owner can read; those of another cloud are refused."""
    assert (running.process.folder / NAME).stat().st_mode & 0o777 == 0o600
    for foreign in (Credentials.new(), Credentials("local", "local"), Credentials("000000000000", "test")):
        keys = {name.lower(): value for name, value in foreign.environment.items()}
        for service, operation in (("sqs", "list_queues"), ("iam", "list_roles"), ("s3", "list_buckets")):
            said = refusal(running.client(service, **keys), operation)
            assert said.startswith(f"the access key {foreign.access_key_id!r} is not one of this cloud")


def test_the_secret_counts(running: Running) -> None:
    """The access key id alone, which every request contains, is not enough."""
    sqs = running.client("sqs", aws_secret_access_key=Credentials.new().secret_access_key)
    assert refusal(sqs, "list_queues").startswith("its signature is not that of its access key")


def test_clients_of_all_protocols_get_in(running: Running) -> None:
    """Query, JSON, REST in XML and JSON, CBOR; presigned addresses, also of a bucket named like a path of ECS."""
    running.client("iam").list_roles()
    running.client("sqs").list_queues()
    running.client("apigateway").get_rest_apis()
    running.client("cloudwatch").list_dashboards()
    s3 = running.client("s3")
    s3.create_bucket(Bucket="services-door", CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    s3.put_object(Bucket="services-door", Key="a b/c+d&é", Body=b"content", Metadata={"name": "two  words"})
    url = s3.generate_presigned_url("get_object", Params={"Bucket": "services-door", "Key": "a b/c+d&é"})
    assert send(url).body == b"content"
    address = running.client("sts").generate_presigned_url("get_caller_identity", HttpMethod="GET")
    assert "GetCallerIdentityResult" in send(address).text
    assert (
        running.ask("GET", url.replace(running.process.url, "").replace("Expires=3600", "Expires=9999")).status == 403
    )
    s3.delete_object(Bucket="services-door", Key="a b/c+d&é")
    s3.delete_bucket(Bucket="services-door")


def test_a_session_that_the_cloud_gave_gets_in(running: Running) -> None:
    """As on AWS: after AssumeRole, a call is signed with the session's credentials and token."""
    role = "arn:aws:iam::000000000000:role/any"
    running.client("iam").create_role(RoleName="any", AssumeRolePolicyDocument="{}")
    given = running.client("sts").assume_role(RoleArn=role, RoleSessionName="door")["Credentials"]
    keys = {"aws_access_key_id": given["AccessKeyId"], "aws_secret_access_key": given["SecretAccessKey"]}
    running.client("sqs", **keys, aws_session_token=given["SessionToken"]).list_queues()
    assert "is not one of this cloud" in refusal(running.client("sqs", **keys), "list_queues")
    running.client("iam").delete_role(RoleName="any")


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("codebuild", "list_projects"),
        ("glue", "get_databases"),
        ("athena", "list_work_groups"),
        ("cloudformation", "list_stacks"),
        ("lambda-microvms", ""),
    ],
)
def test_what_starts_containers_is_not_served(running: Running, service: str, operation: str) -> None:
    """Not even to the owner; the error says how to allow it."""
    if not operation:
        microvms = f"{running.process.url}/2025-09-09/microvms"
        said = send_signed(microvms, running.process.credentials, service="lambda").text
    else:
        said = refusal(running.client(service), operation)
    assert f"the embedded cloud does not serve {service}" in said.replace('\\"', '"')


def test_instances_are_records(running: Running, docker_engine: Engine) -> None:
    """Instances, services, clusters, caches and databases exist, and no container: what would start one is refused."""
    ec2 = running.client("ec2")
    (instance,) = ec2.run_instances(ImageId="ami-0abcdef1234567890", MinCount=1, MaxCount=1)["Instances"]
    assert ec2.terminate_instances(InstanceIds=[instance["InstanceId"]])["TerminatingInstances"]
    told = refusal(ec2, "register_image", Name="mine", ImageLocation="alpine")
    assert "keeps ec2 as records: allow RegisterImage with `services" in told
    ecs, containers = running.client("ecs"), [{"name": "a", "image": "alpine", "memory": 64}]
    task = ecs.register_task_definition(family="a", containerDefinitions=containers)["taskDefinition"]
    ecs.create_cluster(clusterName="a")
    service = {"cluster": "a", "serviceName": "a"}
    ecs.create_service(**service, taskDefinition=task["taskDefinitionArn"], desiredCount=1)
    assert "keeps ecs as records" in refusal(ecs, "run_task", cluster="a", taskDefinition="a").replace('\\"', '"')
    rds = running.client("rds")
    rds.create_db_instance(DBInstanceIdentifier="a", Engine="postgres", DBInstanceClass="db.t3.micro")
    caches = running.client("elasticache")
    caches.create_cache_cluster(CacheClusterId="a", Engine="redis", CacheNodeType="cache.t3.micro", NumCacheNodes=1)
    eks, role = running.client("eks"), running.client("iam").create_role(RoleName="eks", AssumeRolePolicyDocument="{}")
    eks.create_cluster(name="a", roleArn=role["Role"]["Arn"], resourcesVpcConfig={})
    assert poll(lambda: eks.describe_cluster(name="a")["cluster"]["status"], 60, until="ACTIVE".__eq__) == "ACTIVE"
    labels = [f"ministack={service}" for service in ("ecs", "eks", "elasticache", "rds")]
    assert not [one for label in labels for one in docker_engine.client.containers.list(filters={"label": label})]
    eks.delete_cluster(name="a")
    caches.delete_cache_cluster(CacheClusterId="a")
    rds.delete_db_instance(DBInstanceIdentifier="a", SkipFinalSnapshot=True)
    ecs.delete_service(cluster="a", service="a", force=True)


def test_no_detour_leads_to_what_is_not_served() -> None:
    """A service that calls others, such as Step Functions, cannot import it; `test_attacks` has the other ways."""
    program = (
        "from cdktf_harness.cloud.front_door import services; services.install([]); import ministack.services.athena"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert "ImportError: the embedded cloud does not serve athena" in done.stderr


@pytest.mark.parametrize("task", ["ecs:runTask.sync", "aws-sdk:ecs:runTask"])
def test_a_task_that_does_not_run_fails(running: Running, task: str) -> None:
    """Step Functions does not say that ECS has run what nothing ran."""
    runs = {"Resource": f"arn:aws:states:::{task}", "Parameters": {"TaskDefinition": "any"}}
    state = {"Type": "Task", **runs, "End": True}
    machines = running.client("stepfunctions")
    arn = machines.create_state_machine(
        name="runs-a-task",
        definition=json.dumps({"StartAt": "run", "States": {"run": state}}),
        roleArn="arn:aws:iam::000000000000:role/any",
    )["stateMachineArn"]
    execution = machines.start_execution(stateMachineArn=arn)["executionArn"]
    done = poll(
        lambda: machines.describe_execution(executionArn=execution), 60, until=lambda it: it["status"] != "RUNNING"
    )
    machines.delete_state_machine(stateMachineArn=arn)
    assert done["status"] == "FAILED"
    assert "keeps ecs as records" in done["cause"]


def test_a_function_gets_no_further_than_its_deployment(running: Running) -> None:
    """Its own credentials give access neither to other services nor to the administration."""
    functions = running.process.access.functions
    keys = {name.lower(): value for name, value in functions.environment.items()}
    running.client("sqs", **keys).list_queues()
    assert "does not serve athena" in refusal(running.client("athena", **keys), "list_work_groups")
    assert "is closed" in refused(send_signed(f"{running.process.url}/_ministack/reset", functions, method="POST"))


def test_the_registry_asks_for_a_login(running: Running) -> None:
    """Also for reads; the password is ECR's authorization token."""
    for method, path in (("GET", "/v2/"), ("GET", "/v2/_catalog"), ("POST", "/v2/name/blobs/uploads/")):
        answer = running.ask(method, path)
        assert (answer.status, answer.headers["www-authenticate"][:6]) == (401, "Basic ")
        assert running.ask(method, path, Authorization="Basic QVdTOm1pbmlzdGFjay1hdXRoLXRva2Vu").status == 401
    (given,) = running.client("ecr").get_authorization_token()["authorizationData"]
    assert running.ask("GET", "/v2/", Authorization=f"Basic {given['authorizationToken']}").status == 200


def test_the_url_of_a_layer_is_for_that_layer(running: Running) -> None:
    """It contains no login: nothing else can be read or changed with it."""
    ecr, digests = running.client("ecr"), []
    ecr.create_repository(repositoryName="links")
    for content in (b"one", b"two"):
        upload = ecr.initiate_layer_upload(repositoryName="links")["uploadId"]
        ecr.upload_layer_part(
            repositoryName="links", uploadId=upload, partFirstByte=0, partLastByte=2, layerPartBlob=content
        )
        digests.append(f"sha256:{hashlib.sha256(content).hexdigest()}")
        ecr.complete_layer_upload(repositoryName="links", uploadId=upload, layerDigests=digests[-1:])
    url = ecr.get_download_url_for_layer(repositoryName="links", layerDigest=digests[0])["downloadUrl"]
    parts = urlsplit(url)
    assert running.ask("GET", f"{parts.path}?{parts.query}").body == b"one"
    (given,) = ecr.get_authorization_token()["authorizationData"]
    assert given["authorizationToken"] not in url
    name, _, link = parts.query.partition("=")
    later = f"{name}={int(link[:10]) + 1}{link[10:]}"
    for method, path, query in (
        ("GET", parts.path.replace(digests[0], digests[1]), parts.query),
        ("GET", "/v2/_catalog", parts.query),
        ("DELETE", parts.path, parts.query),
        ("GET", parts.path, later),
        ("GET", parts.path, f"{name}=0{link[10:]}"),
    ):
        assert running.ask(method, f"{path}?{query}").status == 401
    ecr.delete_repository(repositoryName="links", force=True)


def test_a_layer_belongs_to_a_repository_and_an_upload(running: Running) -> None:
    """ECR takes none of others; without the check, it would stay in the registry, where no call finds it."""
    ecr = running.client("ecr")
    part = {"repositoryName": "none", "uploadId": "u", "partFirstByte": 0, "partLastByte": 2, "layerPartBlob": b"one"}
    with pytest.raises(ecr.exceptions.RepositoryNotFoundException):
        ecr.upload_layer_part(**part)
    ecr.create_repository(repositoryName="none")
    with pytest.raises(ecr.exceptions.UploadNotFoundException):
        ecr.upload_layer_part(**part)
    with pytest.raises(ecr.exceptions.UploadNotFoundException):
        ecr.complete_layer_upload(repositoryName="none", uploadId="u", layerDigests=[f"sha256:{'0' * 64}"])
    ecr.delete_repository(repositoryName="none")


@pytest.mark.skipif(not Path("/proc/net/if_inet6").exists(), reason="needs IPv6")
def test_nobody_else_listens_where_localhost_may_lead(running: Running) -> None:
    """To IPv6's loopback first, in the hosts file of most distributions."""
    with socket.socket(socket.AF_INET6) as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        with pytest.raises(OSError, match="in use"):
            other.bind(("::1", running.process.port))
        with pytest.raises(ConnectionRefusedError):
            other.connect(("::1", running.process.port))


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become another user")
def test_another_user_of_this_machine_gets_nothing(running: Running) -> None:
    """`nobody` finds the port, but neither credentials nor an answer."""
    nobody = pwd.getpwnam("nobody")
    program = (
        "import sys, urllib.request, urllib.error\n"
        "for path in sys.argv[2:]:\n"
        "    try: print(open(path).read())\n"
        "    except PermissionError: print('not readable')\n"
        "try: urllib.request.urlopen(sys.argv[1] + '/?Action=ListUsers')\n"
        "except urllib.error.HTTPError as error: print(error.code)\n"
    )
    files = [str(running.process.folder / name) for name in (NAME, "cloud.json")]
    python = shutil.which("python3", path="/usr/bin:/bin:/usr/local/bin") or sys.executable
    done = subprocess.run(
        [python, "-c", program, running.process.url, *files],
        user=nobody.pw_uid,
        group=nobody.pw_gid,
        extra_groups=[],
        cwd="/",
        env={"PATH": "/usr/bin:/bin"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.split("\n")[:-1] == ["not readable", "not readable", "403"]
