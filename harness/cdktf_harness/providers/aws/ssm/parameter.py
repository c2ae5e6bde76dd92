"""Systems Manager: parameters."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

from ...protocol.identity import Identity
from ...protocol.plan import Change
from ...protocol.values import NULL, UNKNOWN, Values, is_known
from ..cloud import Aws
from ..model import given
from ..resource import REGIONAL, AwsResource
from ..tags import Tagging, as_list, from_list

_SECRET = "SecureString"


def _tagged(name: str) -> dict[str, str]:
    return {"ResourceType": "Parameter", "ResourceId": name}


class Parameter(AwsResource):
    """https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html .

    `value_wo` is refused: the bundled providers keep no write-only values apart.
    """

    type_name = "aws_ssm_parameter"
    label = "SSM Parameter"
    identity = Identity(("name",), REGIONAL)
    service = "ssm"
    tagging = Tagging(
        "id",
        tag="add_tags_to_resource",
        untag="remove_tags_from_resource",
        more={"ResourceType": "Parameter"},
    )
    gone = ("ParameterNotFound",)
    arguments: ClassVar = {
        "name",
        "type",
        "value",
        "insecure_value",
        "description",
        "allowed_pattern",
        "data_type",
        "key_id",
        "overwrite",
        "tier",
    }
    suppress: ClassVar = {"tier": lambda old, new: old != "" and new == "Intelligent-Tiering"}

    def validate(self, config: Values) -> Sequence[str]:
        """One of the two that give the value, and no secret in the one that is shown."""
        names = ("insecure_value", "value", "value_wo")
        given_ones = [name for name in names if config[name] is not None]
        listed = ",".join(names)
        if not given_ones:
            return (f"Invalid combination of arguments: one of `{listed}` must be specified",)
        if len(given_ones) > 1 and all(is_known(config[name]) for name in given_ones):
            return (
                f"Invalid combination of arguments: only one of `{listed}` can be specified, "
                f"but `{','.join(given_ones)}` were specified.",
            )
        if config["type"] == _SECRET and config["insecure_value"] is not None:
            return (f"invalid configuration, cannot set type = {_SECRET} and insecure_value",)
        return ()

    def customise(self, aws: Aws, change: Change) -> None:
        """Another value or description makes another version; an advanced parameter cannot go back in place."""
        super().customise(aws, change)
        planned, prior = change.planned, change.prior
        if prior is None:
            return
        if change.changed("value") or change.changed("description"):
            planned["version"] = UNKNOWN
        if change.changed("insecure_value"):
            planned["value"] = UNKNOWN
        planned["has_value_wo"] = prior["has_value_wo"]
        if prior["tier"] == "Advanced" and planned["tier"] == "Standard":
            change.force_new("tier")

    def create(self, aws: Aws, planned: Values) -> Values:
        """Put the parameter. AWS takes tags only with one that is new."""
        tags = as_list(planned["tags_all"])
        overwrite = bool(planned["overwrite"])
        self._put(aws, planned, overwrite, **({} if overwrite else {"Tags": tags}))
        if overwrite and tags:
            self.client(aws).add_tags_to_resource(**_tagged(planned["name"]), Tags=tags)
        return {"id": planned["name"]}

    def _put(self, aws: Aws, planned: Values, overwrite: bool, **more: Any) -> None:
        key = planned["key_id"] if planned["type"] == _SECRET else None
        self.client(aws).put_parameter(
            Name=planned["name"],
            Type=planned["type"],
            Value=planned["insecure_value"] or planned["value"] or "",
            Overwrite=overwrite,
            AllowedPattern=planned["allowed_pattern"] or "",
            # A description that is left out stays as it was.
            Description=planned["description"] or "",
            **given(DataType=planned["data_type"], KeyId=key, Tier=planned["tier"]),
            **more,
        )

    def read(self, aws: Aws, state: Values) -> Values | None:
        """Get the parameter with its value in clear, and what only a search for it tells."""
        client, name = self.client(aws), state["id"]
        parameter = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]
        search = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
        details = client.describe_parameters(ParameterFilters=search)["Parameters"]
        if not details:
            return None
        shown = bool(state["insecure_value"]) and parameter["Type"] != _SECRET
        return {
            "arn": parameter["ARN"],
            "name": parameter["Name"],
            "type": parameter["Type"],
            "version": parameter["Version"],
            "insecure_value" if shown else "value": parameter["Value"],
            # Its schema makes both computed: what is not given must be known after the create, too.
            **({"value": state["value"] or parameter["Value"]} if shown else {"insecure_value": NULL}),
            "allowed_pattern": details[0].get("AllowedPattern"),
            "data_type": details[0].get("DataType"),
            "description": details[0].get("Description"),
            "key_id": details[0].get("KeyId"),
            "tier": details[0].get("Tier"),
            "has_value_wo": None,
            "tags": from_list(client.list_tags_for_resource(**_tagged(name))["TagList"]),
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        """Put it over the one that is there."""
        self._put(aws, planned, True)

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete the parameter."""
        self.client(aws).delete_parameter(Name=state["id"])


TYPES = (Parameter,)
