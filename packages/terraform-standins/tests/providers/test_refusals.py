"""Errors of a provider before it changes anything."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from .workspace import Workspace, imports

# An access key as AWS's are.
KEY = "AKIAIOSFODNN7EXAMPLE"
NEVER = "Error: The bundled AWS provider is a stand-in and never works on AWS itself"


def repository(**arguments: Any) -> dict[str, Any]:
    """A repository with these arguments too."""
    return {"aws_ecr_repository": {"this": {"name": "refused", **arguments}}}


def test_attestations(offline: Workspace) -> None:
    """`validate` refuses an image with attestations."""
    image = {"name": "localhost:9/x:1", "build": {"context": ".", "provenance": "true"}}
    told = 'Error: docker_registry_image: the bundled provider makes no attestations: set build.provenance = "false"'
    assert told in offline.fails("validate", resource={"docker_registry_image": {"this": image}})


def test_unsupported_argument(offline: Workspace) -> None:
    """The error names an argument that only the real provider has, and says what to do."""
    image = {"name": "localhost:9/x:1", "build": {"context": ".", "builder": "mine"}, "auth_config": {"address": "x"}}
    errors = offline.fails("validate", resource={"docker_registry_image": {"this": image}})
    for argument in ("build.0.builder", "auth_config"):
        assert f"Error: docker_registry_image: the bundled provider does not support the argument {argument}" in errors
    assert "Use the real provider instead: --providers registry." in errors


def test_the_real_provider_is_not_advised_where_it_cannot_work(offline: Workspace) -> None:
    """The real provider calls S3 at a host name that does not resolve."""
    errors = offline.fails("validate", resource={"aws_s3_bucket": {"this": {"request_payer": "Requester"}}})
    assert "Leave it out; the real one does not reach S3 in the embedded cloud." in errors
    assert "--providers registry" not in errors


def test_unsupported_type(offline: Workspace) -> None:
    """Terraform refuses a type that is not bundled, by name."""
    offline.write(resource={"aws_redshift_cluster": {"this": {}}})
    assert 'does not support resource type "aws_redshift_cluster"' in offline.fails("validate")


def test_no_region(offline: Workspace) -> None:
    """Without a region the plan fails and says what to set."""
    del offline.env["AWS_REGION"]
    offline.write(resource=repository())
    assert "Set `region` in the provider's configuration, or AWS_REGION" in offline.fails("plan")


def test_unreachable_registry(offline: Workspace) -> None:
    """The error has the registry's address; the Docker engine is not used before."""
    offline.env["DOCKER_HOST"] = "unix:///nonexistent/docker.sock"
    login = {"registry_auth": {"address": "http://127.0.0.1:9", "username": "u", "password": "p"}}
    image = {"name": "127.0.0.1:9/x:1", "build": {"context": "."}}
    offline.write(provider={"docker": login}, resource={"docker_registry_image": {"this": image}})
    offline.run("plan")
    errors = offline.fails("apply", "-auto-approve")
    assert "No Docker engine answers at DOCKER_HOST=unix:///nonexistent/docker.sock" in errors


def test_image_import(offline: Workspace) -> None:
    """The import of an image fails, as with the real provider."""
    offline.write(resource={"docker_registry_image": {"this": {"name": "localhost:9/x:1"}}})
    errors = offline.fails("import", "docker_registry_image.this", "x")
    assert "Error: resource docker_registry_image doesn't support import" in errors


def test_a_malformed_import_id(offline: Workspace) -> None:
    """The error has the form that is expected."""
    arguments = {
        "aws_api_gateway_method": dict.fromkeys(("rest_api_id", "resource_id"), "a"),
        "aws_iam_role_policy_attachment": {"role": "a", "policy_arn": "arn:aws:iam::aws:policy/ReadOnlyAccess"},
        "aws_lambda_permission": {"function_name": "a", "action": "lambda:InvokeFunction", "principal": "a"},
    }
    arguments["aws_api_gateway_method"] |= {"http_method": "GET", "authorization": "NONE"}
    addresses = [f"{type_}.this" for type_ in arguments]
    resources = {type_: {"this": values} for type_, values in arguments.items()}
    told = offline.fails("plan", resource=resources, **imports(dict.fromkeys(addresses, "a")))
    forms = ("REST-API-ID/RESOURCE-ID/HTTP-METHOD", "<role-name>/<policy_arn>", "FUNCTION_NAME/STATEMENT_ID or")
    assert [form for form in forms if f"expected {form}" not in told] == []


def test_objects_that_s3_keeps_are_named(workspace: Workspace, aws: Callable[[str], Any]) -> None:
    """S3 answers 200 to the call that deletes them; the bucket stays in the state."""
    bucket = {"bucket": "kept", "force_destroy": True, "object_lock_enabled": True}
    workspace.apply(resource={"aws_s3_bucket": {"this": bucket}})
    s3 = aws("s3")
    s3.put_object(Bucket="kept", Key="gone", Body=b"")
    version = s3.put_object(Bucket="kept", Key="held", Body=b"", ObjectLockLegalHoldStatus="ON")["VersionId"]
    errors = workspace.fails("destroy", "-auto-approve")
    expected = f"emptying S3 Bucket (kept): deleting: S3 object (held) version ({version}): AccessDenied: Access Denied"
    assert f"Error: {expected}" in errors
    assert [found["Key"] for found in s3.list_object_versions(Bucket="kept")["Versions"]] == ["held"]
    s3.put_object_legal_hold(Bucket="kept", Key="held", LegalHold={"Status": "OFF"})
    workspace.run("destroy", "-auto-approve")
    assert s3.list_buckets()["Buckets"] == []


@pytest.mark.parametrize(
    "endpoints", [{}, {"ecr": "https://api.ecr.eu-central-1.amazonaws.com"}, {"sqs": "http://localhost:9"}]
)
def test_aws_itself(offline: Workspace, endpoints: dict[str, str]) -> None:
    """It never works on a real account, not even with an endpoint for another service."""
    offline.write(provider={"aws": [{"endpoints": [endpoints]} if endpoints else {}]}, resource=repository())
    del offline.env["AWS_ENDPOINT_URL"]
    offline.env["AWS_ACCESS_KEY_ID"] = KEY
    assert NEVER in offline.fails("apply", "-auto-approve")


def test_the_host_names_of_aws_with_a_key_that_aws_has_not(offline: Workspace, tmp_path: Path) -> None:
    """With the key of an embedded cloud calls go there, where AWS would refuse them; not with a profile's key."""
    del offline.env["AWS_ENDPOINT_URL"]
    # Nothing listens there: no call leaves this machine.
    offline.env["HTTPS_PROXY"] = "http://127.0.0.1:9"
    errors = offline.fails("apply", "-auto-approve", provider={"aws": [{"max_retries": 1}]}, resource=repository())
    assert NEVER not in errors
    assert "https://api.ecr.eu-central-1.amazonaws.com/" in errors
    profile = tmp_path / "credentials"
    profile.write_text(f"[mine]\naws_access_key_id = {KEY}\naws_secret_access_key = x\n")
    offline.env["AWS_SHARED_CREDENTIALS_FILE"] = str(profile)
    provider = {"aws": [{"max_retries": 1, "profile": "mine"}]}
    assert NEVER in offline.fails("apply", "-auto-approve", provider=provider, resource=repository())
