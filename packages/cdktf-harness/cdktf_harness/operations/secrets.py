"""Values of the secrets that a deployment has: in no argument, plan, state or log."""

from __future__ import annotations

import sys
from getpass import getpass

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.terraform.state import instances

_TYPE = "aws_secretsmanager_secret"
# Secrets Manager's limit.
_MAX_BYTES = 65536


def find_secret(deployment: Deployment, name: str) -> str:
    """Return the ARN of a secret in the deployment's states. Raises HarnessError if there is none of this name."""
    found: dict[str, str] = {}
    with deployment.terraform() as terraform:
        stacks = deployment.stacks(deployment.synthesize())
        with deployment.steps.step("Secrets in Terraform's state"):
            for stack in stacks:
                secrets = [one.values for one in instances(terraform.pull(stack) or {}) if one.type == _TYPE]
                found |= {secret["name"]: secret["arn"] for secret in secrets}
    if name not in found:
        known = f"name one of {', '.join(sorted(found))}" if found else "add it to the app and deploy that first"
        raise HarnessError(f"the deployment has no secret {name!r}: {known}")
    return found[name]


def ask_value(name: str) -> str:
    """Return the value that is typed on a terminal, without echo, or else standard input without its last line end.

    Raises HarnessError.
    """
    try:
        given = getpass(f"Value of {name}: ") if sys.stdin.isatty() else sys.stdin.buffer.read().decode()
    except (EOFError, UnicodeDecodeError):
        # The error of the decoder has the value.
        raise HarnessError(f"the value of {name} is not text: type it, or pass it on standard input") from None
    value = given.removesuffix("\n").removesuffix("\r")
    if not 0 < len(value.encode()) <= _MAX_BYTES:
        raise HarnessError(f"the value of {name} has {len(value.encode())} bytes: give 1 to {_MAX_BYTES}")
    return value


def set_value(deployment: Deployment, arn: str, value: str) -> None:
    """Give a secret a value. Raises botocore's errors."""
    deployment.client("secretsmanager").put_secret_value(SecretId=arn, SecretString=value)
