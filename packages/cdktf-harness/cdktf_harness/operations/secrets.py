"""Values of the secrets and parameters that a deployment has: in no argument, plan, state or log."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from getpass import getpass

from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.terraform.state import instances

_SECRET, _PARAMETER = "aws_secretsmanager_secret", "aws_ssm_parameter"
# The limits of Secrets Manager and of a standard parameter of Systems Manager.
_MAX_BYTES = {_SECRET: 65536, _PARAMETER: 4096}


@dataclass(frozen=True)
class Secret:
    """A secret or a parameter, by the type of its resource."""

    type: str
    name: str
    arn: str

    @property
    def most(self) -> int:
        """The limit of its value, in bytes."""
        return _MAX_BYTES[self.type]


def find_secret(deployment: Deployment, name: str) -> Secret:
    """Return the secret in the deployment's states. Raises HarnessError if there is none of this name."""
    found: dict[str, Secret] = {}
    with deployment.terraform() as terraform:
        stacks = deployment.stacks(deployment.synthesize())
        with deployment.steps.step("Secrets in Terraform's state"):
            for stack in stacks:
                for one in instances(terraform.pull(stack) or {}):
                    if one.type == _SECRET or (one.type == _PARAMETER and one.values["has_value_wo"]):
                        found[one.values["name"]] = Secret(one.type, one.values["name"], one.values["arn"])
    if name not in found:
        known = f"name one of {', '.join(sorted(found))}" if found else "add it to the app and deploy that first"
        raise HarnessError(f"the deployment has no secret {name!r}: {known}")
    return found[name]


def without_value(deployment: Deployment) -> Iterator[str]:
    """Yield the names of the secrets and parameters of the last synthesis that have no value."""
    from botocore.exceptions import ClientError

    for stack in deployment.synthesis().values():
        resources = stack.document.get("resource", {})
        for secret in resources.get(_SECRET, {}).values():
            with suppress(ClientError):
                found = deployment.client("secretsmanager").describe_secret(SecretId=secret["name"])
                if not found.get("VersionIdsToStages"):
                    yield secret["name"]
        for parameter in resources.get(_PARAMETER, {}).values():
            with suppress(ClientError):
                found = deployment.client("ssm").get_parameter(Name=parameter["name"])["Parameter"]
                if "value_wo" in parameter and found["Version"] == 1:
                    yield parameter["name"]


def ask(name: str, most: int) -> str:
    """Return what is typed on a terminal, without echo, or else standard input without its last line end.

    Raises HarnessError, also for more than `most` bytes.
    """
    try:
        given = getpass(f"Value of {name}: ") if sys.stdin.isatty() else sys.stdin.buffer.read().decode()
    except (EOFError, UnicodeDecodeError):
        # The error of the decoder has the value.
        raise HarnessError(f"the value of {name} is not text: type it, or pass it on standard input") from None
    value = given.removesuffix("\n").removesuffix("\r")
    if not 0 < len(value.encode()) <= most:
        raise HarnessError(f"the value of {name} has {len(value.encode())} bytes: give 1 to {most}")
    return value


def set_value(deployment: Deployment, secret: Secret, value: str) -> None:
    """Give a secret a value. Raises botocore's errors."""
    if secret.type == _SECRET:
        deployment.client("secretsmanager").put_secret_value(SecretId=secret.arn, SecretString=value)
    else:
        deployment.client("ssm").put_parameter(Name=secret.name, Value=value, Type="SecureString", Overwrite=True)
