"""Systems Manager: parameters."""

from __future__ import annotations

from collections.abc import Sequence

from ...protocol.values import NULL
from ..resource import REGIONAL, UNKNOWN, Aws, AwsResource, Calls, Change, Identity, Tagging, Values, is_known

_SECRET = "SecureString"


class Parameter(AwsResource):
    type_name, label, service = "aws_ssm_parameter", "SSM Parameter", "ssm"
    calls = Calls.of("parameter", create="put", read="", update="")
    named_by = "name"
    identity = Identity(("name",), REGIONAL)
    tagging = Tagging("id", "", "add_tags_to_resource", "remove_tags_from_resource", {"ResourceType": "Parameter"})
    kept = ("insecure_value", "value_wo", "value_wo_version")
    refused = ("arn",)
    suppress = {"tier": lambda old, new: old != "" and new == "Intelligent-Tiering"}

    def validate(self, config: Values) -> Sequence[str]:
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
        super().customise(aws, change)
        planned, prior = change.planned, change.prior
        if prior is None:
            return
        if change.changed("value") or change.changed("description") or change.changed("value_wo_version"):
            planned["version"] = UNKNOWN
        if change.changed("insecure_value"):
            planned["value"] = UNKNOWN
        planned["has_value_wo"] = prior["has_value_wo"]
        if change.changed("value_wo_version"):
            planned["has_value_wo"] = change.config["value_wo"] is not None or None
            if planned["has_value_wo"]:
                planned["value"] = UNKNOWN
        if prior["tier"] == "Advanced" and planned["tier"] == "Standard":
            change.force_new("tier")

    def create(self, aws: Aws, planned: Values) -> Values:
        # AWS accepts tags only for a new parameter.
        overwrite = bool(planned["overwrite"])
        self._put(aws, {**planned, "tags_all": None} if overwrite else planned, overwrite)
        if overwrite:
            self.tagging.change(self.client(aws), {"id": planned["name"]}, {}, planned["tags_all"] or {})
        return {"id": planned["name"], "has_value_wo": planned["value_wo"] is not None or None}

    def _put(self, aws: Aws, planned: Values, overwrite: bool) -> None:
        key = planned["key_id"] if planned["type"] == _SECRET else None
        value = planned["insecure_value"] or planned["value_wo"] or planned["value"] or ""
        # AWS keeps a description that the request omits.
        keep = ("allowed_pattern", "description")
        self.call(aws, "put_parameter", {**planned, "key_id": key}, keep=keep, Value=value, Overwrite=overwrite)

    def read(self, aws: Aws, state: Values) -> Values | None:
        client, name = self.client(aws), state["id"]
        parameter = client.get_parameter(Name=name, WithDecryption=True)["Parameter"]
        # Only a search returns these values.
        search = [{"Key": "Name", "Option": "Equals", "Values": [name]}]
        found = client.describe_parameters(ParameterFilters=search)["Parameters"]
        if not found:
            return None
        shown = bool(state["insecure_value"]) and parameter["Type"] != _SECRET
        values = {**self.values(aws, "ParameterMetadata", found[0]), **self.values(aws, "Parameter", parameter)}
        return {
            **values,
            "data_type": found[0].get("DataType"),
            # Both are computed in the schema, so both must be known after the create.
            "value": NULL if state["has_value_wo"] else (state["value"] if shown else None) or parameter["Value"],
            "insecure_value": parameter["Value"] if shown else NULL,
        }

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        self._put(aws, {**planned, "tags_all": None}, True)
