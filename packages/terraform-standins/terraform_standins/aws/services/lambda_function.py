"""Lambda: functions."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from ...protocol.values import UNKNOWN, is_zero, same
from ..declaration import REGIONAL
from ..resource import Aws, AwsResource, Calls, Change, DiagnosticError, Identity, Tagging, Values, first
from ..waiting import duration, wait_for

CODE = (
    *("filename", "image_uri", "s3_bucket", "s3_key", "s3_object_version"),
    *("source_code_hash", "source_kms_key_arn", "architectures"),
)
"""The arguments that UpdateFunctionCode changes."""
CONFIGURATION = (
    *("description", "handler", "runtime", "memory_size", "timeout", "role", "kms_key_arn", "layers", "environment"),
    *("image_config", "logging_config", "tracing_config", "ephemeral_storage", "dead_letter_config"),
    "vpc_config",
)
"""The arguments that UpdateFunctionConfiguration changes."""
_WITHOUT: dict[str, dict[str, Any]] = {
    "environment": {"Environment": {"Variables": {}}},
    "dead_letter_config": {"DeadLetterConfig": {"TargetArn": ""}},
    "vpc_config": {"VpcConfig": {"SubnetIds": [], "SecurityGroupIds": []}},
}
"""The parameters with which UpdateFunctionConfiguration removes a block."""
_TIMEOUT_SECONDS = 600
INVOKE_ARN = "arn:{partition}:apigateway:{region}:lambda:path/2015-03-31/functions/{arn}/invocations"
"""The ARN that an API Gateway integration calls: a path of Lambda with the ARN of a function, version or alias."""


class WithCode(AwsResource):
    """Sends the content of the file `filename`."""

    service = "lambda"

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        # Other calls need no file: it may be gone.
        if method in (self.calls.create, "update_function_code") and (file := values["filename"]):
            try:
                values = {**values, "filename": Path(file).read_bytes()}
            except OSError as error:
                text = f"reading ZIP file ({file}): {error.strerror}; build it first, or fix `filename`"
                raise DiagnosticError(text) from None
        return super().call(aws, method, values, **more)


class Function(WithCode):
    type_name, label = "aws_lambda_function", "Lambda Function"
    calls = Calls.of("function", update="")
    answer = "Configuration"
    names = {
        "arn": "FunctionArn",
        "source_code_size": "CodeSize",
        "layers": "Layers[].Arn",
        "image_config": "ImageConfigResponse.ImageConfig",
        "filename": "Code.ZipFile|ZipFile",
    }
    wrapper = "Code"
    named_by = "function_name"
    identity = Identity(("function_name",), REGIONAL)
    tagging = Tagging()
    omitted = ("environment", "dead_letter_config", "image_config", "vpc_config")
    defaults = {
        "Architectures": ["x86_64"],
        "EphemeralStorage": {"Size": 512},
        "PackageType": "Zip",
        "TracingConfig": {"Mode": "PassThrough"},
    }
    computed = {"invoke_arn": INVOKE_ARN}
    kept = ("reserved_concurrent_executions", "source_code_hash")
    temporary = (
        "cannot be assumed by Lambda",
        "execution role does not have permissions",
        "KMS key is invalid for CreateGrant",
        "throttled by EC2",
        "in progress",
    )
    suppress = {
        f"logging_config.{level}": lambda old, new: bool(old) and not new
        for level in ("application_log_level", "system_log_level")
    }
    refused = (
        *("capacity_provider_config", "code_signing_config_arn", "durable_config", "file_system_config", "publish_to"),
        *("replace_security_groups_on_destroy", "replacement_security_group_ids", "snap_start", "tenancy_config"),
    )

    def customise(self, aws: Aws, change: Change) -> None:
        super().customise(aws, change)
        planned = change.planned
        if planned["package_type"] == "Zip" and not (_set(planned["handler"]) and _set(planned["runtime"])):
            raise DiagnosticError("handler and runtime must be set when PackageType is Zip")
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

    def complete(self, aws: Aws, created: Values) -> None:
        self._wait(aws, created, "create")
        self._reserve(aws, created)

    def _reserve(self, aws: Aws, planned: Values) -> None:
        name, executions = planned["function_name"], planned["reserved_concurrent_executions"]
        if executions >= 0:
            self.client(aws).put_function_concurrency(FunctionName=name, ReservedConcurrentExecutions=executions)

    def _wait(self, aws: Aws, planned: Values, doing: str, **version: str) -> None:
        """Wait for the end of a "create" or "update". Raises RuntimeError if it fails, TimeoutError if it is slow."""
        name, written = planned["function_name"], (planned["timeouts"] or {}).get(doing)
        status, good = ("State", "Active") if doing == "create" else ("LastUpdateStatus", "Successful")

        def ask() -> dict[str, Any] | None:
            function: dict[str, Any] = self.client(aws).get_function_configuration(FunctionName=name, **version)
            return None if function.get(status, good) in ("Pending", "InProgress") else function

        seconds = _TIMEOUT_SECONDS if written is None else duration(written)
        function = wait_for(ask, seconds=seconds, waiting_for=f"Lambda Function ({name}) {doing}")
        if function.get(status, good) != good:
            reason = f"{function.get(status + 'ReasonCode')}: {function.get(status + 'Reason')}"
            raise RuntimeError(f"unexpected state {function[status]!r}, wanted target {good!r}: {reason}")

    def read(self, aws: Aws, state: Values) -> Values:
        client, name = self.client(aws), state["function_name"]
        answer = client.get_function(FunctionName=name)
        latest = _latest(client, name)
        qualified = {"arn": latest["FunctionArn"], "partition": aws.partition, "region": aws.region}
        return {
            **self.parsed(aws, state, answer["Configuration"]),
            "qualified_arn": latest["FunctionArn"],
            "qualified_invoke_arn": INVOKE_ARN.format_map(qualified),
            "version": latest["Version"],
            "source_code_hash": state.get("source_code_hash"),
            "source_kms_key_arn": answer["Code"].get("SourceKMSKeyArn"),
            "image_uri": answer["Code"].get("ImageUri"),
            "reserved_concurrent_executions": answer.get("Concurrency", {}).get("ReservedConcurrentExecutions", -1),
            "code_signing_config_arn": None,
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
            self.call(aws, "update_function_configuration", values, keep=configuration, **without)
            self._wait(aws, planned, "update")
        if code := changed.intersection(CODE):
            values = {key: planned[key] for key in ("function_name", *CODE)}
            self.call(aws, "update_function_code", values)
            self._wait(aws, planned, "update")
        if "reserved_concurrent_executions" in changed:
            self._reserve(aws, planned)
            if planned["reserved_concurrent_executions"] < 0:
                client.delete_function_concurrency(FunctionName=name)
        if planned["publish"] and (configuration or code or "publish" in changed):
            version = self.repeat(lambda: client.publish_version(FunctionName=name))["Version"]
            self._wait(aws, planned, "update", Qualifier=version)


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
