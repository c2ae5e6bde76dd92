"""Route 53: hosted zones, their records, and health checks, which never fail."""

from __future__ import annotations

from typing import Any

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values, unique_id

_PREFIX = "/hostedzone/"
_TAGS = ("list_tags_for_resource", "change_tags_for_resource", "change_tags_for_resource")


class Zone(AwsResource):
    type_name, label, service = "aws_route53_zone", "Route53 Hosted Zone", "route53"
    calls = Calls("create_hosted_zone", "get_hosted_zone", "update_hosted_zone_comment", "delete_hosted_zone")
    names = {
        "id": "HostedZone.Id|Id",
        "zone_id": "HostedZone.Id",
        "name": "HostedZone.Name|Name",
        "comment": "HostedZone.Config.Comment|HostedZoneConfig.Comment|Comment",
        "name_servers": "DelegationSet.NameServers",
    }
    computed = {"arn": "arn:{partition}:route53:::hostedzone/{id}", "primary_name_server": "{name_servers[0]}"}
    tagging = Tagging("id", *_TAGS, {"ResourceType": "hostedzone"})
    regional, derived, lenient = False, True, True
    kept = ("force_destroy",)

    def make(self, aws: Aws, planned: Values) -> Any:
        answer = self.call(aws, self.calls.create, planned, CallerReference=unique_id("terraform-"))
        return {"HostedZone": {"Id": answer["HostedZone"]["Id"].removeprefix(_PREFIX)}}

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        zone = found["HostedZone"]
        named = {"Id": zone["Id"].removeprefix(_PREFIX), "Name": zone["Name"].removesuffix(".")}
        servers = found.get("DelegationSet") or {"NameServers": [""]}
        return super().parsed(aws, state, {**found, "DelegationSet": servers, "HostedZone": {**zone, **named}})

    def remove(self, aws: Aws, state: Values) -> None:
        if state["force_destroy"]:
            pages = self.client(aws).get_paginator("list_resource_record_sets").paginate(HostedZoneId=state["id"])
            for record in [one for page in pages for one in page["ResourceRecordSets"]]:
                if record["Type"] not in ("NS", "SOA"):
                    _change(self.client(aws), state["id"], "DELETE", record)
        super().remove(aws, state)


class Record(AwsResource):
    type_name, label, service = "aws_route53_record", "Route 53 Record", "route53"
    calls = Calls.of("resource_record_sets", create="change", read="list", update="change", delete="")
    names = {
        "records": "ResourceRecords[].Value",
        "alias": "AliasTarget",
        "alias.name": "DNSName",
        "alias.zone_id": "HostedZoneId",
    }
    named_by, regional, derived = "name", False, True
    kept, builds = ("allow_overwrite", "zone_id"), "ResourceRecordSet"

    def id_of(self, values: Values) -> str:
        parts = (values["zone_id"], values["name"].lower(), values["type"], values.get("set_identifier"))
        return "_".join(filter(None, parts))

    def changeable(self) -> set[str]:
        return {"records", "ttl", "alias", "health_check_id", "weighted_routing_policy", "failover_routing_policy"}

    def make(self, aws: Aws, planned: Values) -> Any:
        _change(self.client(aws), planned["zone_id"], "UPSERT", self._record(aws, planned))
        return {}

    def _record(self, aws: Aws, values: Values) -> dict[str, Any]:
        record = self.structure(aws, self.builds, {**values, "name": self._name(aws, values)})
        for block in values["weighted_routing_policy"] or ():
            record["Weight"] = int(block["weight"])
        for block in values["failover_routing_policy"] or ():
            record["Failover"] = block["type"]
        return record

    def _name(self, aws: Aws, values: Values) -> str:
        """The whole name: that of the configuration may lack the zone's."""
        zone = self.client(aws).get_hosted_zone(Id=values["zone_id"])["HostedZone"]["Name"]
        name = f"{values['name'].removesuffix('.').lower()}."
        return name if name.endswith(f".{zone}") or name == zone else f"{name}{zone}" if values["name"] else zone

    def found(self, aws: Aws, state: Values) -> Any:
        name = self._name(aws, state)
        pages = self.client(aws).get_paginator("list_resource_record_sets").paginate(HostedZoneId=state["zone_id"])
        wanted = (name, state["type"], state.get("set_identifier") or "")
        for record in (one for page in pages for one in page["ResourceRecordSets"]):
            if (record["Name"].replace("\\052", "*"), record["Type"], record.get("SetIdentifier", "")) == wanted:
                return record
        return None

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values = self.values(aws, self.builds, found)
        for alias in values["alias"]:
            alias["name"] = alias["name"].removesuffix(".")
        fqdn = found["Name"].removesuffix(".").replace("\\052", "*")
        return {**values, "fqdn": fqdn, "name": state.get("name") or fqdn}

    def remove(self, aws: Aws, state: Values) -> None:
        if found := self.found(aws, state):
            _change(self.client(aws), state["zone_id"], "DELETE", found)

    def from_import_id(self, import_id: str) -> Values:
        zone, name, type_, *rest = import_id.split("_", 3)
        return {"id": import_id, "zone_id": zone, "name": name, "type": type_, "set_identifier": "".join(rest) or None}


class HealthCheck(AwsResource):
    type_name, label, service = "aws_route53_health_check", "Route53 Health Check", "route53"
    calls = Calls.of("health_check")
    answer, wrapper = "HealthCheck", "HealthCheckConfig"
    names = {
        "id": "Id|HealthCheckId",
        **{
            name: f"HealthCheckConfig.{path}|{path}"
            for name, path in {
                "child_health_threshold": "HealthThreshold",
                "child_healthchecks": "ChildHealthChecks",
                "cloudwatch_alarm_name": "AlarmIdentifier.Name",
                "cloudwatch_alarm_region": "AlarmIdentifier.Region",
                "fqdn": "FullyQualifiedDomainName",
                "invert_healthcheck": "Inverted",
            }.items()
        },
    }
    computed = {"arn": "arn:{partition}:route53:::healthcheck/{id}"}
    tagging = Tagging("id", *_TAGS, {"ResourceType": "healthcheck"})
    regional, derived, lenient = False, True, True
    kept = ("reference_name", "triggers")

    def make(self, aws: Aws, planned: Values) -> Any:
        reference = unique_id(planned["reference_name"] or "terraform-")
        return {"HealthCheck": self.call(aws, self.calls.create, planned, CallerReference=reference)["HealthCheck"]}


def _change(client: Any, zone: str, action: str, record: Answer) -> None:
    change = {"Action": action, "ResourceRecordSet": record}
    client.change_resource_record_sets(HostedZoneId=zone, ChangeBatch={"Changes": [change]})
