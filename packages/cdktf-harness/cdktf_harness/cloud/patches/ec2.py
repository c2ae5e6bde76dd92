"""EC2: ModifyInstanceAttribute changes the record of an instance, its end deletes its volume, key pairs have tags, and
flow logs have all that they were given.

ministack does not have the operation (services/ec2.py 8650), keeps root volumes (1173-1196), and ignores the tags of a
key pair (1981-2012) and the role, format and interval of a flow log (5132-5179).
https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_ModifyInstanceAttribute.html , API_ImportKeyPair.html .
"""

from __future__ import annotations

import re
from html import escape
from typing import Any

from cdktf_harness.cloud.replacing import change_service

_FLOW_LOG = re.compile(r"<(?:item|flowLogId)>(fl-[^<]+)</(?:item|flowLogId)>")
_OF_FLOW_LOG = ("DeliverLogsPermissionArn", "LogFormat", "MaxAggregationInterval")
_KEY_PAIR = re.compile(r"<keyPairId>([^<]+)</keyPairId>")


def _change(service: Any) -> None:
    def modify(params: Any) -> Any:
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

    def tagged(found: re.Match[str]) -> str:
        tags = service._tags.get(found[1]) or []
        items = (f"<item><key>{escape(t['Key'])}</key><value>{escape(t['Value'])}</value></item>" for t in tags)
        return f"{found[0]}<tagSet>{''.join(items)}</tagSet>"

    def with_tags(operation: Any) -> Any:
        def call(params: Any) -> Any:
            status, headers, body = operation(params)
            if created := _KEY_PAIR.search(body.decode()):
                service._parse_tag_specs(params, "key-pair", created[1])
            return status, headers, _KEY_PAIR.sub(tagged, body.decode()).encode()

        return call

    def create_flow_logs(params: Any) -> Any:
        answer = create_logs(params)
        for id_ in _FLOW_LOG.findall(answer[2].decode()):
            service._flow_logs[id_] |= {name: service._p(params, name) for name in _OF_FLOW_LOG}
        return answer

    def describe_flow_logs(params: Any) -> Any:
        status, headers, body = describe_logs(params)

        def whole(found: re.Match[str]) -> str:
            kept = {f"{name[0].lower()}{name[1:]}": service._flow_logs[found[1]].get(name) for name in _OF_FLOW_LOG}
            return found[0] + "".join(f"<{name}>{escape(value)}</{name}>" for name, value in kept.items() if value)

        return status, headers, _FLOW_LOG.sub(whole, body.decode()).encode()

    def terminate(params: Any) -> Any:
        answer, ended = terminate_records(params), service._parse_member_list(params, "InstanceId")
        for id_, volume in [*service._volumes.items()] if answer[0] == 200 else ():
            if any(one["InstanceId"] in ended and one.get("DeleteOnTermination") for one in volume["Attachments"]):
                del service._volumes[id_]
        return answer

    terminate_records = service._ACTION_MAP["TerminateInstances"]
    service._ACTION_MAP["TerminateInstances"] = terminate
    create_logs, describe_logs = (service._ACTION_MAP[f"{verb}FlowLogs"] for verb in ("Create", "Describe"))
    service._ACTION_MAP |= {"CreateFlowLogs": create_flow_logs, "DescribeFlowLogs": describe_flow_logs}
    for name in ("ImportKeyPair", "DescribeKeyPairs"):
        service._ACTION_MAP[name] = with_tags(service._ACTION_MAP[name])
    service._ACTION_MAP["ModifyInstanceAttribute"] = modify


change_service("ec2", _change)
