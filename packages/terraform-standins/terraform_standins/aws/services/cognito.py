"""Cognito: user pools and their clients."""

from __future__ import annotations

from typing import Any

from ..resource import Aws, AwsResource, Calls, Tagging, Values
from .cloudfront import ZONE


class UserPool(AwsResource):
    type_name, label, service = "aws_cognito_user_pool", "Cognito IDP User Pool", "cognito-idp"
    calls = Calls.of("user_pool", read="describe")
    answer = "UserPool"
    names = {
        "id": "Id|UserPoolId",
        "name": "Name|PoolName",
        "email_configuration.from_email_address": "From",
        "password_policy": "Policies.PasswordPolicy",
        "sign_in_policy": "Policies.SignInPolicy",
        "tags": "UserPoolTags",
        "schema": "SchemaAttributes|Schema",
    }
    computed = {"endpoint": "cognito-idp.{region}.{dns_suffix}/{id}"}
    named_by, derived, lenient, tagging = "name", True, True, Tagging()
    unread = ("schema",)  # AWS adds the standard attributes.


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
    calls = Calls.of("group", update="")
    answer, names, named_by = "Group", {"name": "GroupName"}, "name"
    id_form, import_form = "{user_pool_id}/{name}", ("user_pool_id/name", "user_pool_id", "name")
    derived, lenient = True, True


class ResourceServer(AwsResource):
    type_name, label, service = "aws_cognito_resource_server", "Cognito Resource Server", "cognito-idp"
    calls = Calls.of("resource_server", read="describe")
    answer, named_by, id_form = "ResourceServer", "identifier", "{user_pool_id}|{identifier}"
    derived = True
    computed = {"scope_identifiers": lambda v, _: [f"{v['identifier']}/{one['scope_name']}" for one in v["scope"]]}


class IdentityPool(AwsResource):
    type_name, label, service = "aws_cognito_identity_pool", "Cognito Identity Pool", "cognito-identity"
    calls = Calls.of("identity_pool", read="describe")
    names = {"id": "IdentityPoolId", "tags": "IdentityPoolTags"}
    computed = {"arn": "arn:{partition}:cognito-identity:{region}:{account_id}:identitypool/{id}"}
    derived, lenient, tagging = True, True, Tagging()

    def call(self, aws: Aws, method: str, values: Values, **more: Any) -> Any:
        return super().call(aws, method, values, **{**more, "keep": ("allow_unauthenticated_identities",)})


class IdentityPoolRoles(AwsResource):
    type_name, service = "aws_cognito_identity_pool_roles_attachment", "cognito-identity"
    label = "Cognito Identity Pool Roles Association"
    calls = Calls.of("identity_pool_roles", create="set", update="set", delete="")
    named_by, derived = "identity_pool_id", True

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).set_identity_pool_roles(IdentityPoolId=state["id"], Roles={})
