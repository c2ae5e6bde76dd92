"""Cognito: user pools and their clients."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls
from ..resource import AwsResource
from ..tags import Tagging


class UserPool(AwsResource):
    type_name, label, service = "aws_cognito_user_pool", "Cognito IDP User Pool", "cognito-idp"
    calls = Calls.of("user_pool", read="describe")
    answer = "UserPool"
    names = {
        "id": "Id|UserPoolId",
        "name": "Name|PoolName",
        "password_policy": "Policies.PasswordPolicy",
        "sign_in_policy": "Policies.SignInPolicy",
        "tags": "UserPoolTags",
        "schema": "SchemaAttributes|Schema",
    }
    computed = {"endpoint": "cognito-idp.{region}.{dns_suffix}/{id}"}
    named_by, derived, lenient, tagging = "name", True, True, Tagging()

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        # AWS adds the standard attributes.
        return {**super().parsed(aws, state, found), "schema": state.get("schema") or []}


class UserPoolClient(AwsResource):
    type_name, label, service = "aws_cognito_user_pool_client", "Cognito IDP User Pool Client", "cognito-idp"
    calls = Calls.of("user_pool_client", read="describe")
    answer, noun = "UserPoolClient", "Client"
    names = {"id": "ClientId"}
    named_by, derived, lenient = "name", True, True
    import_form = ("user-pool-id/client-id", "user_pool_id", "id")
