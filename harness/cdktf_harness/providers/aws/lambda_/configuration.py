"""Lambda: the configuration of a function, between Terraform's arguments and AWS's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ...protocol.values import Values
from ..model import first, given


def _environment(blocks: list[Values]) -> Values:
    return {"Variables": first(blocks).get("variables") or {}}


def _image_config(blocks: list[Values]) -> Values:
    block = first(blocks)
    return given(
        EntryPoint=block.get("entry_point"),
        Command=block.get("command"),
        WorkingDirectory=block.get("working_directory"),
    )


def _logging(blocks: list[Values]) -> Values:
    block = first(blocks)
    return given(
        LogFormat=block.get("log_format"),
        LogGroup=block.get("log_group"),
        ApplicationLogLevel=block.get("application_log_level"),
        SystemLogLevel=block.get("system_log_level"),
    )


CONFIGURATION: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "description": ("Description", lambda text: text or ""),
    "handler": ("Handler", lambda text: text or ""),
    "runtime": ("Runtime", lambda text: text or ""),
    "memory_size": ("MemorySize", int),
    "timeout": ("Timeout", int),
    "role": ("Role", str),
    "kms_key_arn": ("KMSKeyArn", lambda arn: arn or ""),
    "layers": ("Layers", lambda arns: arns or []),
    "environment": ("Environment", _environment),
    "image_config": ("ImageConfig", _image_config),
    "logging_config": ("LoggingConfig", _logging),
    "tracing_config": ("TracingConfig", lambda blocks: {"Mode": first(blocks).get("mode", "PassThrough")}),
    "ephemeral_storage": ("EphemeralStorage", lambda blocks: {"Size": first(blocks).get("size") or 512}),
    "dead_letter_config": (
        "DeadLetterConfig",
        lambda blocks: {"TargetArn": first(blocks).get("target_arn", "")},
    ),
}
"""What UpdateFunctionConfiguration changes: argument -> its name in AWS's request, and its value there."""


def read_configuration(function: dict[str, Any]) -> Values:
    """The arguments of `CONFIGURATION`, from AWS's answer."""
    image = function.get("ImageConfigResponse", {}).get("ImageConfig")
    logging = function.get("LoggingConfig")
    return {
        "description": function.get("Description"),
        "handler": function.get("Handler"),
        "runtime": function.get("Runtime"),
        "memory_size": function["MemorySize"],
        "timeout": function["Timeout"],
        "role": function["Role"],
        "kms_key_arn": function.get("KMSKeyArn"),
        "layers": [layer["Arn"] for layer in function.get("Layers", ())],
        "environment": [{"variables": e["Variables"]} for e in _one(function.get("Environment")) if e.get("Variables")],
        "ephemeral_storage": [{"size": function.get("EphemeralStorage", {}).get("Size", 512)}],
        "tracing_config": [{"mode": function.get("TracingConfig", {}).get("Mode", "PassThrough")}],
        "dead_letter_config": [
            {"target_arn": target["TargetArn"]}
            for target in _one(function.get("DeadLetterConfig"))
            if target.get("TargetArn")
        ],
        "image_config": [
            {
                "command": i.get("Command", []),
                "entry_point": i.get("EntryPoint", []),
                "working_directory": i.get("WorkingDirectory"),
            }
            for i in _one(image)
        ],
        "logging_config": [
            {
                "log_format": c.get("LogFormat"),
                "log_group": c.get("LogGroup"),
                "application_log_level": c.get("ApplicationLogLevel"),
                "system_log_level": c.get("SystemLogLevel"),
            }
            for c in _one(logging)
        ],
    }


def _one(value: dict[str, Any] | None) -> list[dict[str, Any]]:
    return [value] if value else []
