"""ACM: certificates that AWS issues, and their validation."""

from __future__ import annotations

from ..model import timestamp
from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, Wait


class Certificate(AwsResource):
    type_name, label, service = "aws_acm_certificate", "ACM Certificate", "acm"
    calls = Calls("request_certificate", "describe_certificate", "update_certificate_options", "delete_certificate")
    answer, noun = "Certificate", "Certificate"
    names = {
        "id": "CertificateArn",
        "validation_method": "DomainValidationOptions[].ValidationMethod|ValidationMethod",
        "validation_option": "DomainValidationOptions",
    }
    tagging = Tagging("arn", "list_tags_for_certificate", "add_tags_to_certificate", "remove_tags_from_certificate")
    derived, lenient = True, True

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values, domain = super().parsed(aws, state, found), found["DomainName"]
        # AWS adds the domain to the other names.
        if {domain, *(state.get("subject_alternative_names") or ())} == {domain, *found["SubjectAlternativeNames"]}:
            values["subject_alternative_names"] = state["subject_alternative_names"] or [domain]
        values["domain_validation_options"] = [
            {"domain_name": one["DomainName"]}
            | {f"resource_record_{key.lower()}": value for key, value in one["ResourceRecord"].items()}
            for one in found.get("DomainValidationOptions", ())
            if "ResourceRecord" in one
        ]
        return values


class Validation(AwsResource):
    type_name, label, service = "aws_acm_certificate_validation", "ACM Certificate Validation", "acm"
    calls = Calls.of("certificate", create="", read="describe", update="", delete="")
    answer, noun = "Certificate", "Certificate"
    named_by = "certificate_arn"
    waits = Wait("Status", ("PENDING_VALIDATION",), after_delete=False)
    derived = True
    kept = ("certificate_arn", "validation_record_fqdns")

    def create(self, aws: Aws, planned: Values) -> Values:
        self.wait(aws, {**planned, "id": planned["certificate_arn"]})
        return {"id": timestamp(self.found(aws, planned).get("IssuedAt"))}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        return {"certificate_arn": found["CertificateArn"]}
