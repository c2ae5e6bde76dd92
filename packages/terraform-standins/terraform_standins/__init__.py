"""Bundled stand-ins for the Terraform providers hashicorp/aws and kreuzwerker/docker.

The names here add a type to them or use them without the harness. Each is imported when it is used.
"""

from typing import TYPE_CHECKING

from terraform_standins.lazy_names import lazy

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
__getattr__ = lazy(__name__, _HOMES)
