"""A domain name of an API, with TLS."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cdktf import TerraformResourceLifecycle
from cdktf_cdktf_provider_aws.apigatewayv2_api_mapping import Apigatewayv2ApiMapping
from cdktf_cdktf_provider_aws.apigatewayv2_domain_name import (
    Apigatewayv2DomainName,
    Apigatewayv2DomainNameDomainNameConfiguration,
)
from constructs import Construct

from cdktf_lambda_api.cloud import Cloud

if TYPE_CHECKING:
    from cdktf_lambda_api.metrics import Api


class Domain(Construct):
    """A regional domain name whose `base_path`, or whole, leads to the stage of an API. It outlives the API.

    In the Route 53 zone `zone_id`, it gets an alias record and, without `certificate_arn`, a certificate of ACM and the
    record that validates it. `url` is that of the base path; in an embedded cloud, which no name server leads to, it is
    that of the API, and requests reach the domain by their Host header. Raises ValueError without certificate and zone.
    """

    def __init__(
        self,
        scope: Construct,
        id_: str,
        *,
        name: str,
        api: Api,
        cloud: Cloud,
        certificate_arn: str = "",
        zone_id: str = "",
        base_path: str = "",
    ) -> None:
        super().__init__(scope, id_)
        if not (certificate_arn or zone_id):
            raise ValueError(f"certificate_arn, zone_id: got neither for {name}. Name a certificate, or a zone for one")
        configuration = Apigatewayv2DomainNameDomainNameConfiguration(
            certificate_arn=certificate_arn or self._certificate(name, zone_id),
            endpoint_type="REGIONAL",
            security_policy="TLS_1_2",
        )
        self.resource = Apigatewayv2DomainName(self, "name", domain_name=name, domain_name_configuration=configuration)
        stage = api.stage.stage_name if api.kind == "rest" else api.stage.name
        # Of both kinds of API: those of REST APIs only cannot lead to an HTTP API.
        Apigatewayv2ApiMapping(
            self,
            "mapping",
            api_id=api.resource.id,
            stage=stage,
            domain_name=self.resource.id,
            api_mapping_key=base_path or None,
        )
        if zone_id:
            self._alias(name, zone_id)
        self.url = api.url if cloud.endpoint else f"https://{name}/{base_path}".rstrip("/")

    def _certificate(self, name: str, zone_id: str) -> str:
        """Return the ARN of a certificate, once it is valid."""
        from cdktf_cdktf_provider_aws.acm_certificate import AcmCertificate
        from cdktf_cdktf_provider_aws.acm_certificate_validation import AcmCertificateValidation
        from cdktf_cdktf_provider_aws.route53_record import Route53Record

        keep = TerraformResourceLifecycle(create_before_destroy=True)
        certificate = AcmCertificate(self, "certificate", domain_name=name, validation_method="DNS", lifecycle=keep)
        asked = certificate.domain_validation_options.get(0)
        record = Route53Record(
            self,
            "validation-record",
            zone_id=zone_id,
            name=asked.resource_record_name,
            type=asked.resource_record_type,
            records=[asked.resource_record_value],
            ttl=300,
            # The record depends on the name alone: that of an earlier certificate may be there.
            allow_overwrite=True,
        )
        return AcmCertificateValidation(
            self, "validation", certificate_arn=certificate.arn, validation_record_fqdns=[record.fqdn]
        ).certificate_arn

    def _alias(self, name: str, zone_id: str) -> None:
        """Lead the name to the API."""
        from cdktf_cdktf_provider_aws.route53_record import Route53Record, Route53RecordAlias

        target = self.resource.domain_name_configuration
        alias = Route53RecordAlias(
            name=target.target_domain_name, zone_id=target.hosted_zone_id, evaluate_target_health=False
        )
        Route53Record(self, "alias", zone_id=zone_id, name=name, type="A", alias=alias)
