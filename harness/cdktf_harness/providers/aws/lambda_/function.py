"""Lambda: functions."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, ClassVar

from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, is_zero, same
from ...resource import existing
from .. import tags
from ..cloud import Aws
from ..model import first, given
from ..resource import REGIONAL, AwsResource
from ..waiting import duration, poll, retry
from .configuration import CONFIGURATION, read_configuration

_PROPAGATION_SECONDS = 300
"""For how long Lambda may say that it cannot assume a role that IAM has just made."""
_TIMEOUT_SECONDS = 600

_SOURCES = ("filename", "image_uri", "s3_bucket")
CODE = (
    *("filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version"),
    *("source_code_hash", "source_kms_key_arn", "architectures"),
)
"""What UpdateFunctionCode changes."""


class Function(AwsResource):
    """https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html ."""

    type_name = "aws_lambda_function"
    label = "Lambda Function"
    identity = Identity(("function_name",), REGIONAL)
    service = "lambda"
    tagging = tags.Tagging(listing="list_tags")
    gone = ("ResourceNotFoundException",)
    suppress: ClassVar = {
        f"logging_config.{level}": lambda old, new: bool(old) and not new
        for level in ("application_log_level", "system_log_level")
    }
    arguments: ClassVar = {
        *CODE,
        *CONFIGURATION,
        "function_name",
        "package_type",
        "publish",
        "reserved_concurrent_executions",
        "skip_destroy",
    }

    def customise(self, aws: Aws, change: Change) -> None:
        """New code or configuration publishes a version; which one, only AWS knows."""
        super().customise(aws, change)
        planned = change.planned
        if planned["package_type"] == "Zip" and not (_set(planned["handler"]) and _set(planned["runtime"])):
            raise DiagnosticError(Diagnostic("handler and runtime must be set when PackageType is Zip"))
        for block in ("environment", "image_config"):
            _ignore_empty(change, block)
        _log_levels(change)
        if change.creating:
            return
        code, configuration = (any(map(change.changed, names)) for names in (CODE, CONFIGURATION))
        if code:
            planned["last_modified"] = UNKNOWN
        if planned["publish"] and (code or configuration or change.changed("publish")):
            planned.update(dict.fromkeys(("version", "qualified_arn", "qualified_invoke_arn"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        """Create the function and wait until it is active."""
        client, name = self.client(aws), planned["function_name"]
        request = {
            key: value(planned[argument]) for argument, (key, value) in CONFIGURATION.items() if planned[argument]
        }
        request.update(
            Code=_code(planned),
            PackageType=planned["package_type"],
            Publish=bool(planned["publish"]),
            **given(Architectures=planned["architectures"], Tags=planned["tags_all"]),
        )
        _when_ready(lambda: client.create_function(FunctionName=name, **request))
        with existing(name):
            self._wait(aws, planned, "create")
            self._reserve(aws, name, planned["reserved_concurrent_executions"])
        return {"id": name}

    def _wait(self, aws: Aws, planned: Values, doing: str, **version: str) -> None:
        client, name = self.client(aws), planned["function_name"]
        status, good = ("State", "Active") if doing == "create" else ("LastUpdateStatus", "Successful")

        def ask() -> dict[str, Any] | None:
            function: dict[str, Any] = client.get_function_configuration(FunctionName=name, **version)
            return None if function.get(status, good) in ("Pending", "InProgress") else function

        function = poll(ask, seconds=_seconds(planned, doing), waiting_for=f"Lambda Function ({name}) {doing}")
        if function.get(status, good) != good:
            reason = f"{function.get(status + 'ReasonCode')}: {function.get(status + 'Reason')}"
            raise RuntimeError(f"unexpected state {function[status]!r}, wanted target {good!r}: {reason}")

    def _reserve(self, aws: Aws, name: str, executions: int) -> None:
        if executions >= 0:
            self.client(aws).put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)

    def read(self, aws: Aws, state: Values) -> Values:
        """Get the function and its newest version."""
        client = self.client(aws)
        answer = client.get_function(FunctionName=state["id"])
        function, latest = answer["Configuration"], _latest(client, state["id"])
        reserved = answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1)
        arn = function["FunctionArn"]
        return {
            "function_name": function["FunctionName"],
            "arn": arn,
            "invoke_arn": invoke_arn(aws, arn),
            "qualified_arn": latest["FunctionArn"],
            "qualified_invoke_arn": invoke_arn(aws, latest["FunctionArn"]),
            "version": latest["Version"],
            "last_modified": function["LastModified"],
            "code_sha256": function.get("CodeSha256"),
            "source_code_hash": state.get("source_code_hash"),
            "source_code_size": function.get("CodeSize"),
            "source_kms_key_arn": answer["Code"].get("SourceKMSKeyArn"),
            "image_uri": answer["Code"].get("ImageUri"),
            "package_type": function.get("PackageType", "Zip"),
            "architectures": function.get("Architectures", ["x86_64"]),
            "reserved_concurrent_executions": reserved,
            "skip_destroy": state.get("skip_destroy"),
            "code_signing_config_arn": None,
            "signing_job_arn": function.get("SigningJobArn"),
            "signing_profile_version_arn": function.get("SigningProfileVersionArn"),
            "tags": answer.get("Tags", {}),
            **read_configuration(function),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Configuration first, then code, then one version of both; waits for each."""
        client, name = self.client(aws), planned["id"]
        changed = {key for key in planned if not same(prior[key], planned[key])}
        if configuration := changed & CONFIGURATION.keys():
            # Another key encrypts the variables anew: AWS wants them again.
            configuration |= {"environment"} if "kms_key_arn" in configuration else set()
            request = {CONFIGURATION[key][0]: CONFIGURATION[key][1](planned[key]) for key in configuration}
            _when_ready(lambda: client.update_function_configuration(FunctionName=name, **request))
            self._wait(aws, planned, "update")
        if code := changed.intersection(CODE):
            what = {**_code(planned), **given(Architectures=planned["architectures"])}
            _when_ready(lambda: client.update_function_code(FunctionName=name, **what))
            self._wait(aws, planned, "update")
        if "reserved_concurrent_executions" in changed:
            self._reserve(aws, name, planned["reserved_concurrent_executions"])
            if planned["reserved_concurrent_executions"] < 0:
                client.delete_function_concurrency(FunctionName=name)
        if planned["publish"] and (configuration or code or "publish" in changed):
            version = _when_ready(lambda: client.publish_version(FunctionName=name))["Version"]
            self._wait(aws, planned, "update", Qualifier=version)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the function with its versions and aliases, unless `skip_destroy` says to leave it."""
        if not state["skip_destroy"]:
            self.client(aws).delete_function(FunctionName=state["id"])

    def from_import_id(self, import_id: str) -> Values:
        """The function's name."""
        return {"id": import_id, "function_name": import_id}

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """With the function's name."""
        return super().explain(error, doing, {"name": values["function_name"]})


def invoke_arn(aws: Aws, arn: str) -> str:
    """What an API Gateway integration calls: the ARN of a function, version or alias in a path of Lambda's."""
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return f"arn:{aws.partition}:apigateway:{aws.region}:lambda:{path}"


def _ignore_empty(change: Change, block: str) -> None:
    # AWS does not tell a block without any value from none.
    planned = first(change.planned[block])
    if change.prior and not change.prior[block] and planned and all(map(is_zero, planned.values())):
        change.planned[block] = change.prior[block]


def _log_levels(change: Change) -> None:
    # What AWS has chosen for one format does not hold for another.
    old, new = first((change.prior or {}).get("logging_config")), first(change.planned["logging_config"])
    if old and new and old["log_format"] != new["log_format"]:
        written = first(change.config["logging_config"])
        new.update({level: written[level] or "" for level in ("application_log_level", "system_log_level")})


def _set(value: Any) -> bool:
    return value is UNKNOWN or bool(value)


def _code(planned: Values) -> dict[str, Any]:
    if planned["filename"]:
        return {"ZipFile": Path(planned["filename"]).read_bytes()}
    return given(
        ImageUri=planned["image_uri"],
        S3Bucket=planned["s3_bucket"],
        S3Key=planned["s3_key"],
        S3ObjectVersion=planned["s3_object_version"],
        SourceKMSKeyArn=planned["source_kms_key_arn"],
    )


def _latest(client: Any, name: str) -> dict[str, Any]:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    latest: dict[str, Any] = [version for page in pages for version in page["Versions"]][-1]
    return latest


def _seconds(planned: Values, doing: str) -> float:
    written = (planned["timeouts"] or {}).get(doing)
    return _TIMEOUT_SECONDS if written is None else duration(written)


_NOT_YET = (
    "cannot be assumed by Lambda",
    "execution role does not have permissions",
    "KMS key is invalid for CreateGrant",
    "throttled by EC2",
    "in progress",
)
"""What is in the messages of refusals that will pass."""


def _when_ready(call: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return retry(call, lambda error: any(text in str(error) for text in _NOT_YET), seconds=_PROPAGATION_SECONDS)


TYPES = (Function,)
