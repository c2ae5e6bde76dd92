"""Bundled stand-ins for the Terraform providers hashicorp/aws and kreuzwerker/docker.

The names here add a type to them or use them without the harness. Each is imported when it is used.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from terraform_standins.aws.declaration import Calls as Calls
    from terraform_standins.aws.declaration import Wait as Wait
    from terraform_standins.aws.policy import POLICY as POLICY
    from terraform_standins.aws.resource import AwsResource as AwsResource
    from terraform_standins.aws.tags import Tagging as Tagging
    from terraform_standins.serving.mirror import write_mirror as write_mirror

_HOMES = {
    "AwsResource": "aws.resource",
    "Calls": "aws.declaration",
    "POLICY": "aws.policy",
    "Tagging": "aws.tags",
    "Wait": "aws.declaration",
    "write_mirror": "serving.mirror",
}
__all__ = sorted(_HOMES)


def __getattr__(name: str) -> Any:
    if name in _HOMES:
        return getattr(import_module(f"terraform_standins.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
