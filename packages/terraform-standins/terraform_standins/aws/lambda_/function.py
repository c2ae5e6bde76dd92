"""Lambda: functions."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from ...protocol.base import existing
from ...protocol.diagnostics import Diagnostic, DiagnosticError
from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import UNKNOWN, Values, is_zero, same
from ..cloud import Aws
from ..model import first, given
from ..resource import REGIONAL, AwsResource, Calls
from ..tags import Tagging
from .readiness import wait, when_ready

CODE = (
    *("filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version"),
    *("source_code_hash", "source_kms_key_arn", "architectures"),
)
"""The arguments that UpdateFunctionCode changes."""
CONFIGURATION = (
    *("description", "handler", "runtime", "memory_size", "timeout", "role", "kms_key_arn", "layers", "environment"),
    *("image_config", "logging_config", "tracing_config", "ephemeral_storage", "dead_letter_config"),
)
"""The arguments that UpdateFunctionConfiguration changes."""
_WITHOUT: dict[str, dict[str, Any]] = {
    "environment": {"Environment": {"Variables": {}}},
    "dead_letter_config": {"DeadLetterConfig": {"TargetArn": ""}},
}
"""The parameters with which UpdateFunctionConfiguration removes a block."""


class Function(AwsResource):
    """A Lambda function.

    https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html
    """

    type_name = "aws_lambda_function"
    label = "Lambda Function"
    service = "lambda"
    calls = Calls(create="create_function", delete="delete_function")
    names: ClassVar = {"arn": "FunctionArn", "source_code_size": "CodeSize"}
    named_by = "function_name"
    identity = Identity(("function_name",), REGIONAL)
    tagging = Tagging(listing="list_tags")
    gone = ("ResourceNotFoundException",)
    suppress: ClassVar = {
        f"logging_config.{level}": lambda old, new: bool(old) and not new
        for level in ("application_log_level", "system_log_level")
    }
    refused = (
        *("capacity_provider_config", "code_signing_config_arn", "durable_config", "file_system_config", "publish_to"),
        *("replace_security_groups_on_destroy", "replacement_security_group_ids", "snap_start", "tenancy_config"),
        "vpc_config",
    )

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        planned = change.planned
        if planned["package_type"] == "Zip" and not (_set(planned["handler"]) and _set(planned["runtime"])):
            raise DiagnosticError(Diagnostic("handler and runtime must be set when PackageType is Zip"))
        for block in ("environment", "image_config"):
            _ignore_empty(change, block)
        _log_levels(change)
        if change.creating:
            return
        # New code or configuration publishes a version, whose number is known after the apply.
        code, configuration = (any(map(change.changed, names)) for names in (CODE, CONFIGURATION))
        if code:
            planned["last_modified"] = UNKNOWN
        if planned["publish"] and (code or configuration or change.changed("publish")):
            planned.update(dict.fromkeys(("version", "qualified_arn", "qualified_invoke_arn"), UNKNOWN))

    def create(self, aws: Aws, planned: Values) -> Values:
        name = planned["function_name"]
        when_ready(lambda: self.call(aws, "create_function", planned, Code=self._code(aws, planned)))
        with existing(name):
            wait(self.client(aws), planned, "create")
            self._reserve(aws, name, planned["reserved_concurrent_executions"])
        return {"id": name}

    def _code(self, aws: Aws, planned: Values) -> dict[str, Any]:
        if planned["filename"]:
            return {"ZipFile": Path(planned["filename"]).read_bytes()}
        return self.structure(aws, "FunctionCode", planned)

    def _reserve(self, aws: Aws, name: str, executions: int) -> None:
        if executions >= 0:
            self.client(aws).put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)

    def read(self, aws: Aws, state: Values) -> Values:
        client, name = self.client(aws), state["function_name"]
        answer = client.get_function(FunctionName=name)
        latest = _latest(client, name)
        function = {**_DEFAULTS, **answer["Configuration"]}
        values = self.values(aws, "FunctionConfiguration", function)
        image = function.get("ImageConfigResponse", {}).get("ImageConfig")
        return {
            **{name: value for name, value in values.items() if name not in self.refused},
            "invoke_arn": invoke_arn(aws, values["arn"]),
            "qualified_arn": latest["FunctionArn"],
            "qualified_invoke_arn": invoke_arn(aws, latest["FunctionArn"]),
            "version": latest["Version"],
            "source_code_hash": state.get("source_code_hash"),
            "source_kms_key_arn": answer["Code"].get("SourceKMSKeyArn"),
            "image_uri": answer["Code"].get("ImageUri"),
            "reserved_concurrent_executions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "code_signing_config_arn": None,
            "skip_destroy": state.get("skip_destroy"),
            "layers": [layer["Arn"] for layer in function.get("Layers", ())],
            "environment": [block for block in values["environment"] if block["variables"]],
            "dead_letter_config": [block for block in values["dead_letter_config"] if block["target_arn"]],
            "image_config": [_image_config(image)] if image else [],
            "tags": answer.get("Tags", {}),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        # First the configuration, then the code, then one version of both; wait after each.
        client, name = self.client(aws), planned["function_name"]
        changed = {key for key in planned if not same(prior[key], planned[key])}
        if configuration := changed.intersection(CONFIGURATION):
            # AWS encrypts the variables again with another key, and needs them in the request.
            configuration |= {"environment"} if "kms_key_arn" in configuration else set()
            values = {key: planned[key] for key in ("function_name", *configuration)}
            without = {k: v for key in configuration if not planned[key] for k, v in _WITHOUT.get(key, {}).items()}
            change = partial(self.call, aws, "update_function_configuration", values, keep=configuration, **without)
            when_ready(change)
            wait(client, planned, "update")
        if code := changed.intersection(CODE):
            what = {**self._code(aws, planned), **given(Architectures=planned["architectures"])}
            when_ready(lambda: client.update_function_code(FunctionName=name, **what))
            wait(client, planned, "update")
        if "reserved_concurrent_executions" in changed:
            self._reserve(aws, name, planned["reserved_concurrent_executions"])
            if planned["reserved_concurrent_executions"] < 0:
                client.delete_function_concurrency(FunctionName=name)
        if planned["publish"] and (configuration or code or "publish" in changed):
            version = when_ready(lambda: client.publish_version(FunctionName=name))["Version"]
            wait(client, planned, "update", Qualifier=version)


_DEFAULTS = {
    "Architectures": ["x86_64"],
    "EphemeralStorage": {"Size": 512},
    "PackageType": "Zip",
    "TracingConfig": {"Mode": "PassThrough"},
}
"""Defaults of values that AWS may omit."""


def _image_config(image: dict[str, Any]) -> Values:
    return {
        "command": image.get("Command", []),
        "entry_point": image.get("EntryPoint", []),
        "working_directory": image.get("WorkingDirectory"),
    }


def invoke_arn(aws: Aws, arn: str) -> str:
    """The ARN that an API Gateway integration calls: a path of Lambda with the ARN of a function, version or alias."""
    path = f"path/2015-03-31/functions/{arn}/invocations"
    return f"arn:{aws.partition}:apigateway:{aws.region}:lambda:{path}"


def _ignore_empty(change: Change, block: str) -> None:
    # AWS does not distinguish an empty block from a missing one.
    planned = first(change.planned[block])
    if change.prior and not change.prior[block] and planned and all(map(is_zero, planned.values())):
        change.planned[block] = change.prior[block]


def _log_levels(change: Change) -> None:
    # AWS's default for one format does not apply to the other.
    old, new = first((change.prior or {}).get("logging_config")), first(change.planned["logging_config"])
    if old and new and old["log_format"] != new["log_format"]:
        written = first(change.config["logging_config"])
        new.update({level: written[level] or "" for level in ("application_log_level", "system_log_level")})


def _set(value: Any) -> bool:
    return value is UNKNOWN or bool(value)


def _latest(client: Any, name: str) -> dict[str, Any]:
    pages = client.get_paginator("list_versions_by_function").paginate(FunctionName=name)
    latest: dict[str, Any] = [version for page in pages for version in page["Versions"]][-1]
    return latest


TYPES = (Function,)
