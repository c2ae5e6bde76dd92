"""Cognito: user pools and their clients."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls
from ..resource import AwsResource
from ..tags import Tagging
from .cloudfront import ZONE


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


class UserPoolDomain(AwsResource):
    type_name, label, service = "aws_cognito_user_pool_domain", "Cognito User Pool Domain", "cognito-idp"
    calls = Calls.of("user_pool_domain", read="describe")
    answer, named_by, derived, lenient = "DomainDescription", "domain", True, True
    names = {"certificate_arn": "CustomDomainConfig.CertificateArn"}
    computed = {"cloudfront_distribution_zone_id": ZONE}

    def found(self, aws: Aws, state: Values) -> Any:
        return super().found(aws, state) or None


class UserGroup(AwsResource):
    type_name, label, service = "aws_cognito_user_group", "Cognito User Group", "cognito-idp"
    # The embedded cloud has no UpdateGroup.
    calls = Calls("create_group", "get_group", delete="delete_group")
    answer, names, named_by = "Group", {"name": "GroupName"}, "name"
    id_form, import_form = "{user_pool_id}/{name}", ("user_pool_id/name", "user_pool_id", "name")
    derived, lenient = True, True


class ResourceServer(AwsResource):
    type_name, label, service = "aws_cognito_resource_server", "Cognito Resource Server", "cognito-idp"
    calls = Calls.of("resource_server", read="describe")
    answer, named_by, id_form = "ResourceServer", "identifier", "{user_pool_id}|{identifier}"
    derived = True

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        scopes = [f"{found['Identifier']}/{one['ScopeName']}" for one in found.get("Scopes", ())]
        return {**super().parsed(aws, state, found), "scope_identifiers": scopes}

    def from_import_id(self, import_id: str) -> Values:
        pool, _, identifier = import_id.partition("|")
        return {"id": import_id, "user_pool_id": pool, "identifier": identifier}


class IdentityPool(AwsResource):
    type_name, label, service = "aws_cognito_identity_pool", "Cognito Identity Pool", "cognito-identity"
    calls = Calls.of("identity_pool", read="describe")
    names = {"id": "IdentityPoolId", "tags": "IdentityPoolTags"}
    computed = {"arn": "arn:{partition}:cognito-identity:{region}:{account_id}:identitypool/{id}"}
    derived, lenient, tagging = True, True, Tagging()

    def change(self, aws: Aws, method: str, planned: Values, changed: Collection[str]) -> None:
        self.call(aws, method, planned, keep=("allow_unauthenticated_identities",))

    def make(self, aws: Aws, planned: Values) -> Any:
        return self.call(aws, self.calls.create, planned, keep=("allow_unauthenticated_identities",))


class IdentityPoolRoles(AwsResource):
    type_name, service = "aws_cognito_identity_pool_roles_attachment", "cognito-identity"
    label = "Cognito Identity Pool Roles Association"
    calls = Calls("set_identity_pool_roles", "get_identity_pool_roles", "set_identity_pool_roles")
    named_by, derived, refused = "identity_pool_id", True, ("role_mapping",)

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).set_identity_pool_roles(IdentityPoolId=state["id"], Roles={})
