"""Patches of API Gateway."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from .workspace import REGION

Aws = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test


def _api(client: Any, **settings: Any) -> str:
    """The id of an API with a method, which can be deployed."""
    api = client.create_rest_api(name="a", **settings)
    method = {"restApiId": api["id"], "resourceId": api["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    return str(api["id"])


def _stage(client: Any, **settings: Any) -> tuple[str, str]:
    api = _api(client)
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, **settings)
    return api, deployment


def test_a_stage_has_what_it_was_given_and_no_more(aws: Aws) -> None:
    """Access logs are absent before they are set and after they are removed; a canary keeps numbers as numbers."""
    client = aws("apigateway")
    api, deployment = _stage(client)
    who = {"restApiId": api, "stageName": "s"}
    assert "accessLogSettings" not in client.get_stage(**who)
    assert "accessLogSettings" not in client.get_stages(restApiId=api)["item"][0]

    def patch(**operation: str) -> Any:
        client.update_stage(**who, patchOperations=[operation])
        return client.get_stage(**who)

    stage = patch(op="replace", path="/accessLogSettings/format", value="f")
    assert stage["accessLogSettings"] == {"format": "f"}
    assert "accessLogSettings" not in patch(op="remove", path="/accessLogSettings")
    client.create_stage(
        restApiId=api,
        stageName="c",
        deploymentId=deployment,
        canarySettings={"percentTraffic": 5, "useStageCache": True},
    )
    who["stageName"] = "c"
    stage = patch(op="replace", path="/canarySettings/percentTraffic", value="7.5")
    assert stage["canarySettings"] == {"percentTraffic": 7.5, "useStageCache": True}


def test_tags_are_the_same_in_every_answer(aws: Aws) -> None:
    """Tags of a create, added tags and removed tags, for each taggable object of API Gateway."""
    client = aws("apigateway")
    first = {"A": "1", "B": "2"}
    api = _api(client, tags=first)
    deployment = client.create_deployment(restApiId=api)["id"]
    client.create_stage(restApiId=api, stageName="s", deploymentId=deployment, tags=first)
    key = client.create_api_key(name="k", tags=first)["id"]
    plan = client.create_usage_plan(name="p", tags=first)["id"]
    reads: dict[str, Callable[[], Any]] = {
        f"/restapis/{api}": lambda: client.get_rest_api(restApiId=api),
        f"/restapis/{api}/stages/s": lambda: client.get_stage(restApiId=api, stageName="s"),
        f"/apikeys/{key}": lambda: client.get_api_key(apiKey=key),
        f"/usageplans/{plan}": lambda: client.get_usage_plan(usagePlanId=plan),
    }
    for path, read in reads.items():
        arn = f"arn:aws:apigateway:{REGION}::{path}"
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == first, path
        client.tag_resource(resourceArn=arn, tags={"C": "3"})
        client.untag_resource(resourceArn=arn, tagKeys=["A"])
        assert client.get_tags(resourceArn=arn)["tags"] == read()["tags"] == {"B": "2", "C": "3"}, path


def test_keys_and_plans(aws: Aws) -> None:
    """AWS generates a missing value and refuses a short one; a plan's limits are numbers, its stages a list."""
    client = aws("apigateway")
    assert len(client.create_api_key(name="k", value="")["value"]) >= 20
    with pytest.raises(client.exceptions.BadRequestException, match="20 characters"):
        client.create_api_key(name="k", value="short")
    api, _ = _stage(client)
    plan = client.create_usage_plan(name="p")
    assert not {"throttle", "quota"} & client.get_usage_plan(usagePlanId=plan["id"]).keys()
    limit = f"/apiStages/{api}:s/throttle/~1time~1GET/rateLimit"
    operations = [
        {"op": "replace", "path": "/throttle/rateLimit", "value": "2.5"},
        {"op": "replace", "path": "/throttle/burstLimit", "value": "3"},
        {"op": "add", "path": "/apiStages", "value": f"{api}:s"},
        {"op": "replace", "path": limit, "value": "1"},
    ]
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=operations)
    found = client.get_usage_plan(usagePlanId=plan["id"])
    assert found["throttle"] == {"rateLimit": 2.5, "burstLimit": 3}
    assert found["apiStages"] == [{"apiId": api, "stage": "s", "throttle": {"/time/GET": {"rateLimit": 1.0}}}]
    operation = {"op": "remove", "path": "/apiStages", "value": f"{api}:s"}
    client.update_usage_plan(usagePlanId=plan["id"], patchOperations=[operation])
    assert client.get_usage_plan(usagePlanId=plan["id"])["apiStages"] == []


def test_lists_flags_and_keys_with_slashes_are_patched(aws: Aws) -> None:
    """In a REST API and in the response of a method."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a", binaryMediaTypes=["image/png"])["id"]
    operations = [
        {"op": "add", "path": "/binaryMediaTypes/image~1gif"},
        {"op": "remove", "path": "/binaryMediaTypes/image~1png"},
        {"op": "replace", "path": "/endpointConfiguration/types/REGIONAL", "value": "EDGE"},
        {"op": "replace", "path": "/disableExecuteApiEndpoint", "value": "false"},
        {"op": "replace", "path": "/minimumCompressionSize", "value": "1024"},
    ]
    client.update_rest_api(restApiId=api, patchOperations=operations)
    found = client.get_rest_api(restApiId=api)
    assert found["binaryMediaTypes"] == ["image/gif"]
    assert found["endpointConfiguration"]["types"] == ["EDGE"]
    assert found["disableExecuteApiEndpoint"] is False
    assert found["minimumCompressionSize"] == 1024
    method = {"restApiId": api, "resourceId": found["rootResourceId"], "httpMethod": "GET"}
    client.put_method(**method, authorizationType="NONE")
    given = {"cacheNamespace": "c", "responseTransferMode": "STREAM", "tlsConfig": {"insecureSkipVerification": True}}
    client.put_integration(**method, type="HTTP_PROXY", integrationHttpMethod="GET", uri="https://x.invalid", **given)
    assert given.items() <= client.get_integration(**method).items()
    client.put_method_response(**method, statusCode="200")
    operation = {"op": "add", "path": "/responseModels/application~1json", "value": "Empty"}
    client.update_method_response(**method, statusCode="200", patchOperations=[operation])
    answer = client.get_method_response(**method, statusCode="200")
    assert answer["responseModels"] == {"application/json": "Empty"}


def test_what_exists_is_not_made_again(aws: Aws) -> None:
    """A method, a path, and a second variable in its place; what is there stays as it is."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a")
    where = {"restApiId": api["id"], "parentId": api["rootResourceId"]}
    resource = client.create_resource(**where, pathPart="{id}")
    method = {"restApiId": api["id"], "resourceId": resource["id"], "httpMethod": "GET"}
    with pytest.raises(client.exceptions.BadRequestException, match="Invalid authorization type iam"):
        client.put_method(**method, authorizationType="iam")
    client.put_method(**method, authorizationType="NONE", apiKeyRequired=True)
    with pytest.raises(client.exceptions.ConflictException, match="Method already exists for this resource") as refused:
        client.put_method(**method, authorizationType="NONE")
    assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == 409
    assert client.get_method(**method)["apiKeyRequired"] is True
    client.delete_method(**method)
    client.put_method(**method, authorizationType="NONE")
    with pytest.raises(client.exceptions.ConflictException, match=r"already has this name: \{id}"):
        client.create_resource(**where, pathPart="{id}")
    for part in ("{name}", "{rest+}"):
        with pytest.raises(
            client.exceptions.BadRequestException, match=r"A sibling \({id}\) of this resource already has"
        ):
            client.create_resource(**where, pathPart=part)
    client.create_resource(**where, pathPart="id")
    client.create_resource(restApiId=api["id"], parentId=resource["id"], pathPart="{rest+}")


def test_what_is_no_part_of_a_path_is_refused(aws: Aws) -> None:
    """With the words of AWS."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a")
    words = "Resource's path part (only allow a-zA-Z0-9|must be specified)"
    for part in ("", "a/b", "a b", "{a", "a}", "{}", "a{b}", "{a}b", "a+", "{a++}", "é", "a\n"):
        with pytest.raises(client.exceptions.BadRequestException, match=words):
            client.create_resource(restApiId=api["id"], parentId=api["rootResourceId"], pathPart=part)
    assert len(client.get_resources(restApiId=api["id"])["items"]) == 1


def test_an_api_without_methods_is_not_deployed(aws: Aws) -> None:
    """As on AWS, where a deployment comes after the methods."""
    client = aws("apigateway")
    api = client.create_rest_api(name="a")["id"]
    with pytest.raises(client.exceptions.BadRequestException, match="The REST API doesn't contain any methods"):
        client.create_deployment(restApiId=api)


def test_a_stage_has_a_name_that_aws_takes(aws: Aws) -> None:
    """Whether it is made alone or with a deployment."""
    client = aws("apigateway")
    api, deployment = _stage(client)
    for name in ("v.1", "$default", "a b", "ä"):
        with pytest.raises(client.exceptions.BadRequestException, match="Stage name only allows a-zA-Z0-9_"):
            client.create_stage(restApiId=api, stageName=name, deploymentId=deployment)
        with pytest.raises(client.exceptions.BadRequestException, match="Stage name only allows a-zA-Z0-9_"):
            client.create_deployment(restApiId=api, stageName=name)
    client.create_stage(restApiId=api, stageName="v1-a_B", deploymentId=deployment)
    assert len(client.get_deployments(restApiId=api)["items"]) == 1
