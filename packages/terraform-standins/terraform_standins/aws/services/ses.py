"""SES: identities."""

from __future__ import annotations

from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Values

_READ = "get_identity_verification_attributes"


class _Identity(AwsResource):
    service, derived = "ses", True

    def found(self, aws: Aws, state: Values) -> Any:
        answer = self.client(aws).get_identity_verification_attributes(Identities=[state["id"]])
        return answer["VerificationAttributes"].get(state["id"])

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        arn = f"arn:{aws.partition}:ses:{aws.region}:{aws.account_id}:identity/{state['id']}"
        return {self.named_by: state["id"], "arn": arn, "verification_token": found.get("VerificationToken")}

    def remove(self, aws: Aws, state: Values) -> None:
        self.client(aws).delete_identity(Identity=state["id"])


class EmailIdentity(_Identity):
    type_name, label, named_by = "aws_ses_email_identity", "SES Email Identity", "email"
    calls, names = Calls("verify_email_identity", _READ), {"email": "EmailAddress"}


class DomainIdentity(_Identity):
    type_name, label, named_by = "aws_ses_domain_identity", "SES Domain Identity", "domain"
    calls = Calls("verify_domain_identity", _READ)


class DomainDkim(_Identity):
    """AWS deletes it with the identity."""

    type_name, label, named_by = "aws_ses_domain_dkim", "SES Domain DKIM", "domain"
    calls = Calls("verify_domain_dkim", "get_identity_dkim_attributes")

    def found(self, aws: Aws, state: Values) -> Any:
        answer = self.client(aws).get_identity_dkim_attributes(Identities=[state["id"]])
        return answer["DkimAttributes"].get(state["id"])

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {"domain": state["id"], "dkim_tokens": found.get("DkimTokens", [])}
