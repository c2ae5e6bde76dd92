"""Patches of Lambda: the embedded cloud refuses aliases and variables that AWS refuses."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError
from elsewhere import EMPTY

Aws = Callable[[str], Any]
pytestmark = pytest.mark.usefixtures("workspace")  # which empties the cloud after each test


def refusal(call: Callable[..., Any], **arguments: Any) -> tuple[str, int, str]:
    """The code, the status and the words of what a call is refused with."""
    with pytest.raises(ClientError) as refused:
        call(**arguments)
    response = refused.value.response
    return response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"], response["Error"]["Message"]


def test_an_alias_points_to_versions_that_exist(aws: Aws) -> None:
    """Also the one that has a weight, which is a share; what is refused changes nothing."""
    client = aws("lambda")
    arn = client.create_function(FunctionName="f", **EMPTY)["FunctionArn"]
    alias = {"FunctionName": "f", "Name": "live"}
    absent = ("ResourceNotFoundException", 404, f"Function not found: {arn}:1")
    assert refusal(client.create_alias, **alias, FunctionVersion="1") == absent
    client.create_alias(**alias, FunctionVersion="$LATEST")
    assert refusal(client.update_alias, **alias, FunctionVersion="1") == absent
    for version in ("1", "2"):
        client.update_function_configuration(FunctionName="f", Description=version)
        client.publish_version(FunctionName="f")
        client.update_alias(**alias, FunctionVersion=version)

    def weighted(weight: float, version: str = "2") -> dict[str, Any]:
        return {**alias, "RoutingConfig": {"AdditionalVersionWeights": {version: weight}}}

    client.update_alias(**alias, FunctionVersion="1")
    client.update_alias(**weighted(0.25))
    assert refusal(client.update_alias, **weighted(0.5, "3"))[:2] == ("ResourceNotFoundException", 404)
    assert refusal(client.update_alias, **weighted(25))[:2] == ("ValidationException", 400)
    assert client.get_alias(**alias)["RoutingConfig"] == {"AdditionalVersionWeights": {"2": 0.25}}


def test_a_variable_with_a_reserved_name_is_refused(aws: Aws) -> None:
    """When a function is made, and when it is changed."""
    client = aws("lambda")
    client.create_function(FunctionName="f", **EMPTY, Environment={"Variables": {"AWS_OTHER": "x"}})
    for name in ("AWS_REGION", "AWS_LAMBDA_FUNCTION_NAME", "LAMBDA_TASK_ROOT"):
        environment: dict[str, Any] = {"Variables": {"AWS_OTHER": "x", name: "x"}}
        made = refusal(client.create_function, FunctionName="g", **EMPTY, Environment=environment)
        changed = refusal(client.update_function_configuration, FunctionName="f", Environment=environment)
        assert made == changed
        assert made[:2] == ("InvalidParameterValueException", 400)
        assert made[2].endswith(f"Reserved keys used in this request: {name}")
