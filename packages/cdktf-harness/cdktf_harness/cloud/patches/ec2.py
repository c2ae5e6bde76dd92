"""EC2: ModifyInstanceAttribute changes the record of an instance, its end deletes its volume, key pairs have tags,
flow logs and endpoints have all that they were given, NAT gateways have addresses, and us-east-1 has six zones.

ministack does not have the operation (services/ec2.py 8650), keeps root volumes (1173-1196), and ignores the tags of a
key pair (1981-2012), the role, format and interval of a flow log (5132-5179), the address of a gateway (4882-4943), and
the security groups, policy and private DNS of an endpoint (3444-3461, 5462-5482). It has three zones everywhere (475,
3555); apps name those of us-east-1, which is AWS's default.
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html , API_ImportKeyPair.html .
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from ministack.services import ec2 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import extended, replaces

_OPERATIONS = service._ACTION_MAP
_FURTHER = "def"
_OF_FLOW_LOG = ("DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval")
_NAT_GATEWAY = re.compile(r"<natGatewayId>([^<]+)</natGatewayId>(.*?)<natGatewayAddressSet/>", re.DOTALL)
_KEY_PAIR = re.compile(r"<keyPairId>([^<]+)</keyPairId>")


def _modify(params: Any) -> Any:
    id_ = service._p(params, "InstanceId")
    instance = service._instances.get(id_)
    if not instance:
        return service._error("InvalidInstanceID.NotFound", f"The instance ID '{id_}' does not exist", 400)
    if type_ := service._p(params, "InstanceType.Value"):
        instance["InstanceType"] = type_
    if check := service._p(params, "SourceDestCheck.Value"):
        instance["SourceDestCheck"] = check == "true"
    if groups := service._parse_member_list(params, "GroupId"):
        known = service._security_groups
        instance["SecurityGroups"] = [
            {"GroupId": group, "GroupName": (known.get(group) or {}).get("GroupName", group)} for group in groups
        ]
    return service._xml(200, "ModifyInstanceAttributeResponse", "<return>true</return>")


_OPERATIONS["ModifyInstanceAttribute"] = _modify


@replaces(_OPERATIONS, "ImportKeyPair", "DescribeKeyPairs")
def _key_pairs(original: Any, params: Any) -> Any:
    answer = original(params)
    if created := _KEY_PAIR.search(answer[2].decode()):
        service._parse_tag_specs(params, "key-pair", created[1])

    def tags(id_: str) -> str:
        found = service._tags.get(id_) or []
        items = (f"<item><key>{escape(t['Key'])}</key><value>{escape(t['Value'])}</value></item>" for t in found)
        return f"<tagSet>{''.join(items)}</tagSet>"

    return extended(answer, "keyPairId", tags)


@replaces(_OPERATIONS, "CreateFlowLogs")
def _create_flow_logs(original: Any, params: Any) -> Any:
    answer = original(params)
    for id_ in re.findall("<item>(fl-[^<]+)</item>", answer[2].decode()):
        service._flow_logs[id_] |= {name: service._p(params, name) for name in _OF_FLOW_LOG}
    return answer


@replaces(_OPERATIONS, "DescribeFlowLogs")
def _describe_flow_logs(original: Any, params: Any) -> Any:
    def rest(id_: str) -> str:
        kept = {f"{name[0].lower()}{name[1:]}": service._flow_logs[id_].get(name) for name in _OF_FLOW_LOG}
        return "".join(f"<{name}>{escape(value)}</{name}>" for name, value in kept.items() if value)

    return extended(original(params), "flowLogId", rest)


@replaces(_OPERATIONS, "CreateNatGateway", "DescribeNatGateways")
def _nat_gateways(original: Any, params: Any) -> Any:
    def with_address(found: re.Match[str]) -> str:
        gateway = service._nat_gateways[found[1]]
        id_, address = found[1].removeprefix("nat-"), service._addresses.get(gateway["AllocationId"])
        members = {"networkInterfaceId": f"eni-{id_}", "privateIp": f"10.{'.'.join(str(b) for b in id_.encode()[:3])}"}
        if address:
            members |= {"allocationId": gateway["AllocationId"], "associationId": f"eipassoc-{id_}"}
            members["publicIp"] = address["PublicIp"]
        item = "".join(f"<{name}>{value}</{name}>" for name, value in members.items())
        whole = f"<natGatewayAddressSet><item>{item}</item></natGatewayAddressSet>"
        return found[0].replace("<natGatewayAddressSet/>", whole)

    status, headers, body = original(params)
    return status, headers, _NAT_GATEWAY.sub(with_address, body.decode()).encode()


@replaces(_OPERATIONS, "CreateVpcEndpoint", "ModifyVpcEndpoint")
def _change_endpoint(original: Any, params: Any) -> Any:
    answer = original(params)
    created = re.search("<vpcEndpointId>([^<]+)<", answer[2].decode())
    endpoint = service._vpc_endpoints.get(created[1] if created else service._p(params, "VpcEndpointId"))
    if answer[0] != 200 or endpoint is None:
        return answer
    added = [
        id_ for name in ("SecurityGroupId", "AddSecurityGroupId") for id_ in service._parse_member_list(params, name)
    ]
    removed = service._parse_member_list(params, "RemoveSecurityGroupId")
    groups = dict.fromkeys((*endpoint.get("SecurityGroupIds", ()), *added))
    endpoint["SecurityGroupIds"] = [id_ for id_ in groups if id_ not in removed]
    default = endpoint.get("PrivateDnsEnabled", str(endpoint["VpcEndpointType"] == "Interface").lower())
    endpoint["PrivateDnsEnabled"] = service._p(params, "PrivateDnsEnabled") or default
    endpoint["PolicyDocument"] = service._p(params, "PolicyDocument") or endpoint.get("PolicyDocument")
    whole = service._vpce_fields_xml(endpoint, tag="vpcEndpoint")
    return service._xml(200, "CreateVpcEndpointResponse", whole) if created else answer


@replaces(service, "_vpce_fields_xml")
def _endpoint_xml(original: Any, endpoint: dict[str, Any], tag: str = "item") -> str:
    groups = "".join(f"<item><groupId>{id_}</groupId></item>" for id_ in endpoint.get("SecurityGroupIds", ()))
    more = f"<groupSet>{groups}</groupSet><privateDnsEnabled>{endpoint.get('PrivateDnsEnabled')}</privateDnsEnabled>"
    if policy := endpoint.get("PolicyDocument"):
        more += f"<policyDocument>{escape(policy)}</policyDocument>"
    return str(original(endpoint, tag)).replace("<state>", f"{more}<state>")


@replaces(service, "_init_defaults")
def _init_defaults(original: Any) -> None:
    original()
    for number, letter in enumerate(_FURTHER if service.get_region() == "us-east-1" else "", 4):
        zone, id_ = f"us-east-1{letter}", f"subnet-0000000{number}"
        place = {"CidrBlock": f"172.31.{(number - 1) * 16}.0/20", "AvailabilityZone": zone, "SubnetId": id_}
        default = service._subnets[service._DEFAULT_SUBNET_ID]
        more = {**default, **place, "AvailabilityZoneId": service._az_id_for_zone_name(zone)}
        service._subnets[id_] = service._subnets.get(id_) or more


@replaces(_OPERATIONS, "DescribeAvailabilityZones")
def _zones(original: Any, params: Any) -> Any:
    status, headers, body = original(params)
    text = body.decode()
    if service.get_region() == "us-east-1":
        last = text[text.rindex("<item>") : text.rindex("</item>") + len("</item>")]
        items = (last.replace("us-east-1c", f"us-east-1{one}") for one in _FURTHER)
        items = (item.replace("-az3", f"-az{number}") for number, item in enumerate(items, 4))
        text = text.replace(last, last + "".join(items))
    return status, headers, text.encode()


# ministack has the defaults of its own region already.
service._init_defaults()


@replaces(_OPERATIONS, "TerminateInstances")
def _terminate(original: Any, params: Any) -> Any:
    answer, ended = original(params), service._parse_member_list(params, "InstanceId")
    for id_, volume in [*service._volumes.items()] if answer[0] == 200 else ():
        if any(one["InstanceId"] in ended and one.get("DeleteOnTermination") for one in volume["Attachments"]):
            del service._volumes[id_]
    return answer
