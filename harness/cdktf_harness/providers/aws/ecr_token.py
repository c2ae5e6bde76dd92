"""ECR: the login to a registry as a data source, which keeps the password in the state; the ephemeral one does not."""

from __future__ import annotations

from typing import ClassVar

from ..protocol.values import Values
from .cloud import Aws
from .ecr import AuthorizationToken
from .resource import AwsData


class AuthorizationTokenData(AwsData):
    """https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html ."""

    type_name = "aws_ecr_authorization_token"
    label = "ECR Authorization Token"
    service = "ecr"
    arguments: ClassVar = {"registry_id"}

    def read(self, aws: Aws, config: Values) -> Values:
        """Get a token; AWS's lives for 12 hours."""
        return {**AuthorizationToken().open(aws, config), "id": aws.region}


TYPES = (AuthorizationTokenData,)
