"""Secrets Manager: secrets, their values, and when these change."""

from __future__ import annotations

from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values


class Secret(AwsResource):
    type_name, label = "aws_secretsmanager_secret", "Secrets Manager Secret"
    service, derived = "secretsmanager", True
    calls = Calls.of("secret", read="describe")
    names = {"id": "ARN|SecretId"}
    named_by = "name"
    tagging = Tagging("id")
    kept = ("recovery_window_in_days", "force_overwrite_replica_secret")

    def found(self, aws: Aws, state: Values) -> Any:
        found = super().found(aws, state)
        return None if found.get("DeletedDate") else found

    def remove(self, aws: Aws, state: Values) -> None:
        window = state["recovery_window_in_days"]
        how = {"RecoveryWindowInDays": int(window)} if window else {"ForceDeleteWithoutRecovery": True}
        self.client(aws).delete_secret(SecretId=state["id"], **how)


class SecretVersion(AwsResource):
    """AWS deletes a value with its secret, or when the next one has its labels."""

    type_name, label = "aws_secretsmanager_secret_version", "Secrets Manager Secret Version"
    service, derived = "secretsmanager", True
    calls = Calls.of("secret_value", create="put", update="", delete="")
    refused = ("secret_binary", "version_stages")

    def make(self, aws: Aws, planned: Values) -> Any:
        answer = super().make(aws, planned)
        planned["version_id"] = answer["VersionId"]
        return answer

    def id_of(self, values: Values) -> str:
        return f"{values['secret_id']}|{values['version_id']}"

    def found(self, aws: Aws, state: Values) -> Any:
        secret, _, version = state["id"].partition("|")
        return self.client(aws).get_secret_value(SecretId=secret, VersionId=version)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {**super().parsed(aws, state, found), "secret_id": state["id"].partition("|")[0]}


class Rotation(AwsResource):
    """The embedded cloud keeps it as a record: no value changes."""

    type_name, label = "aws_secretsmanager_secret_rotation", "Secrets Manager Secret Rotation"
    service, derived, lenient = "secretsmanager", True, True
    calls = Calls("rotate_secret", "describe_secret", "rotate_secret", "cancel_rotate_secret")
    names = {"secret_id": "SecretId", "rotation_lambda_arn": "RotationLambdaARN"}
    id_form = "{secret_id}"

    def found(self, aws: Aws, state: Values) -> Any:
        found = super().found(aws, {**state, "secret_id": state["id"]})
        return found if found.get("RotationEnabled") else None

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {**super().parsed(aws, state, found), "secret_id": state["id"]}
