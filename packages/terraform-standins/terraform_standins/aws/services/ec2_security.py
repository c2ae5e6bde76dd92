"""EC2: security groups and their rules."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any, ClassVar
from zlib import crc32

from ..resource import Answer, Aws, Calls, Values, as_list
from .ec2 import ARN, Ec2

Atom = tuple[str, int | None, int | None, str, str, str]
"""Protocol, first and last port, kind of source, source, description: a rule with one source."""
_KINDS = {
    "cidr_blocks": ("IpRanges", "CidrIp"),
    "ipv6_cidr_blocks": ("Ipv6Ranges", "CidrIpv6"),
    "prefix_list_ids": ("PrefixListIds", "PrefixListId"),
    "security_groups": ("UserIdGroupPairs", "GroupId"),
}


def _atoms(block: Values, group: str) -> set[Atom]:
    protocol = "-1" if block["protocol"] in ("-1", "all") else block["protocol"]
    ports = (None, None) if protocol == "-1" else (int(block["from_port"] or 0), int(block["to_port"] or 0))
    groups = [*(block.get("security_groups") or ()), *([group] if block.get("self") else ())]
    sources = {**{name: block.get(name) or () for name in _KINDS}, "security_groups": groups}
    return {
        (protocol, *ports, name, source, block.get("description") or "")
        for name, values in sources.items()
        for source in values
    }


def _of_permissions(permissions: Iterable[Mapping[str, Any]]) -> set[Atom]:
    return {
        (p["IpProtocol"], *_ports(p), name, source[key], source.get("Description", ""))
        for p in permissions
        for name, (member, key) in _KINDS.items()
        for source in p.get(member, ())
        if key in source
    }


def _ports(permission: Mapping[str, Any]) -> tuple[int | None, int | None]:
    if permission["IpProtocol"] == "-1":
        return None, None
    return permission.get("FromPort"), permission.get("ToPort")


def _permissions(atoms: Iterable[Atom]) -> list[dict[str, Any]]:
    found = []
    for protocol, first, last, name, source, description in sorted(atoms, key=str):
        member, key = _KINDS[name]
        ports = {} if first is None else {"FromPort": first, "ToPort": last}
        told = {"Description": description} if description else {}
        found.append({"IpProtocol": protocol, **ports, member: [{key: source, **told}]})
    return found


def _blocks(atoms: Iterable[Atom], group: str) -> list[Values]:
    """Blocks for these rules: one for each protocol, ports and description."""
    found: dict[Any, Values] = {}
    for protocol, first, last, name, source, description in sorted(atoms, key=str):
        start = {"protocol": protocol, "from_port": first or 0, "to_port": last or 0, "description": description}
        empty: Values = {**start, **{kind: [] for kind in _KINDS}, "self": False}
        block = found.setdefault((protocol, first, last, description), empty)
        if (name, source) == ("security_groups", group):
            block["self"] = True
        else:
            block[name].append(source)
    return list(found.values())


class SecurityGroup(Ec2):
    type_name, label = "aws_security_group", "EC2 Security Group"
    calls = Calls.of("security_group", read="describe*", update="")
    answer = "SecurityGroups[]"
    names = {"id": "GroupId", "name": "GroupName"}
    named_by = "name"
    computed = {"arn": f"{ARN}security-group/{{id}}"}
    # The other group of two that name each other goes first.
    temporary = ("DependencyViolation",)

    def changeable(self) -> Collection[str]:
        return {"ingress", "egress", "revoke_rules_on_delete"}

    def complete(self, aws: Aws, created: Values) -> None:
        # AWS allows a new group to call anything; the provider removes that rule.
        found = self.found(aws, created)
        self._set(aws, created["id"], "egress", _of_permissions(found.get("IpPermissionsEgress", ())), set())
        self.update(aws, {**created, "ingress": [], "egress": []}, created)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        values, id_ = super().parsed(aws, state, found), found["GroupId"]
        for name, member in (("ingress", "IpPermissions"), ("egress", "IpPermissionsEgress")):
            atoms, before = _of_permissions(found.get(member, ())), state.get(name) or []
            same = set().union(*(_atoms(block, id_) for block in before)) == atoms
            values[name] = before if same else _blocks(atoms, id_)
        return values

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        id_ = planned["id"]
        for name in ("ingress", "egress"):
            old, new = (
                set().union(*(_atoms(block, id_) for block in values[name] or ())) for values in (prior, planned)
            )
            self._set(aws, id_, name, old, new)

    def _set(self, aws: Aws, group: str, name: str, old: set[Atom], new: set[Atom]) -> None:
        change(self.client(aws), group, name, old - new, new - old)


def change(client: Any, group: str, name: str, removed: set[Atom], added: set[Atom]) -> None:
    """Revoke and authorize rules of a group; `name` is ingress or egress."""
    for verb, atoms in (("revoke", removed), ("authorize", added)):
        if atoms:
            call = getattr(client, f"{verb}_security_group_{name}")
            call(GroupId=group, IpPermissions=_permissions(atoms))


class SecurityGroupRule(Ec2):
    type_name, label = "aws_security_group_rule", "EC2 Security Group Rule"
    calls = Calls.of("security_groups", create="", read="describe", update="", delete="")
    answer = "SecurityGroups[]"
    tagging = None
    arguments = (
        *("cidr_blocks", "description", "from_port", "ipv6_cidr_blocks", "prefix_list_ids", "protocol"),
        *("security_group_id", "self", "source_security_group_id", "to_port", "type"),
    )

    def changeable(self) -> Collection[str]:
        return ()

    def _rule(self, values: Values) -> set[Atom]:
        source = values.get("source_security_group_id")
        return _atoms({**values, "security_groups": [source] if source else []}, values["security_group_id"])

    def create(self, aws: Aws, planned: Values) -> Values:
        rule = self._rule(planned)
        change(self.client(aws), planned["security_group_id"], planned["type"], set(), rule)
        named = repr((planned["security_group_id"], planned["type"], sorted(rule, key=str)))
        return {"id": f"sgrule-{crc32(named.encode())}"}

    def read(self, aws: Aws, state: Values) -> Values | None:
        answer = self.client(aws).describe_security_groups(GroupIds=[state["security_group_id"]])
        (group,) = answer["SecurityGroups"]
        member = "IpPermissions" if state["type"] == "ingress" else "IpPermissionsEgress"
        present = self._rule(state) <= _of_permissions(group.get(member, ()))
        return {"security_group_id": group["GroupId"], "security_group_rule_id": ""} if present else None

    def from_import_id(self, import_id: str) -> Values:
        raise NotImplementedError("the bundled provider does not import security group rules")

    def remove(self, aws: Aws, state: Values) -> None:
        change(self.client(aws), state["security_group_id"], state["type"], self._rule(state), set())


class _Rule(Ec2):
    calls = Calls.of("security_group_rules", create="", read="describe", update="modify", delete="")
    answer = "SecurityGroupRules[]"
    names = {
        "id": "SecurityGroupRuleId",
        "security_group_rule_id": "SecurityGroupRuleId",
        "security_group_id": "GroupId",
        "referenced_security_group_id": "ReferencedGroupInfo.GroupId|ReferencedGroupId",
    }
    lenient, builds, kept = True, "SecurityGroupRuleRequest", ("security_group_id",)
    computed = {"arn": "arn:{partition}:ec2:{region}:{account_id}:security-group-rule/{id}"}
    direction: ClassVar[str]

    def changeable(self) -> Collection[str]:
        return self._pairs(self.shape(self.builds)).keys()

    def create(self, aws: Aws, planned: Values) -> Values:
        block = {"protocol": planned["ip_protocol"], "from_port": planned["from_port"], "to_port": planned["to_port"]}
        names = {"cidr_ipv4": "cidr_blocks", "cidr_ipv6": "ipv6_cidr_blocks", "prefix_list_id": "prefix_list_ids"}
        names["referenced_security_group_id"] = "security_groups"
        sources = {theirs: [planned[name]] for name, theirs in names.items() if planned[name]}
        permissions = _permissions(_atoms({**block, **sources, "description": planned["description"]}, ""))
        tags = as_list(planned.get("tags_all"))
        more = {"TagSpecifications": [{"ResourceType": "security-group-rule", "Tags": tags}]} if tags else {}
        call = getattr(self.client(aws), f"authorize_security_group_{self.direction}")
        (rule,) = call(GroupId=planned["security_group_id"], IpPermissions=permissions, **more)["SecurityGroupRules"]
        return {"id": rule["SecurityGroupRuleId"]}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        rule = self.structure(aws, self.builds, planned)
        rules = [{"SecurityGroupRuleId": planned["id"], "SecurityGroupRule": rule}]
        self.client(aws).modify_security_group_rules(GroupId=planned["security_group_id"], SecurityGroupRules=rules)

    def remove(self, aws: Aws, state: Values) -> None:
        call = getattr(self.client(aws), f"revoke_security_group_{self.direction}")
        call(GroupId=state["security_group_id"], SecurityGroupRuleIds=[state["id"]])


class IngressRule(_Rule):
    type_name, label, direction = "aws_vpc_security_group_ingress_rule", "VPC Security Group Ingress Rule", "ingress"


class EgressRule(_Rule):
    type_name, label, direction = "aws_vpc_security_group_egress_rule", "VPC Security Group Egress Rule", "egress"
