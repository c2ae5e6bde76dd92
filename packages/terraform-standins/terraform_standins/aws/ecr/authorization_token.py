"""ECR: the login to a registry, as an ephemeral resource and as a data source."""

from __future__ import annotations

import base64
from typing import ClassVar

from ...protocol.base import EphemeralResource
from ...protocol.values import Values
from ..cloud import Aws
from ..model import timestamp
from ..type import AwsData, AwsType


class AuthorizationToken(AwsType, EphemeralResource[Aws]):
    """A login to the registry, valid for 12 hours; it is not in the state.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
    """

    type_name = "aws_ecr_authorization_token"
    label = "ECR Authorization Token"
    service = "ecr"

    def open(self, aws: Aws, config: Values) -> Values:
        data = self.client(aws).get_authorization_token()["authorizationData"][0]
        user_name, _, password = base64.b64decode(data["authorizationToken"]).decode().partition(":")
        return {
            "authorization_token": data["authorizationToken"],
            "expires_at": timestamp(data["expiresAt"]),
            "password": password,
            "proxy_endpoint": data["proxyEndpoint"],
            "region": aws.region,
            "user_name": user_name,
        }


class AuthorizationTokenData(AwsData):
    """A login to the registry as a data source: the password is in the state.

    https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_GetAuthorizationToken.html
    """

    type_name = "aws_ecr_authorization_token"
    label = "ECR Authorization Token"
    service = "ecr"
    arguments: ClassVar = {"registry_id"}

    def read(self, aws: Aws, config: Values) -> Values:
        return {**AuthorizationToken().open(aws, config), "id": aws.region}


TYPES = (AuthorizationToken, AuthorizationTokenData)
