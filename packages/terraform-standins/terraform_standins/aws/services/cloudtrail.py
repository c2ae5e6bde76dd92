"""CloudTrail: trails; records, no events are delivered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ...protocol.values import Values
from ..cloud import Aws
from ..declaration import Calls
from ..resource import AwsResource
from ..tags import Tagging


class Trail(AwsResource):
    type_name, label, service = "aws_cloudtrail", "CloudTrail", "cloudtrail"
    calls = Calls("create_trail", "get_trail", ("update_trail", "put_event_selectors"), "delete_trail")
    answer, named_by, derived, lenient = "Trail", "name", True, True
    names = {
        "name": "Name|TrailName",
        "arn": "TrailARN",
        "tags": "TagsList",
        "enable_log_file_validation": "LogFileValidationEnabled|EnableLogFileValidation",
        "event_selector": "EventSelectors",
        "event_selector.data_resource": "DataResources",
    }
    tagging = Tagging("arn", "list_tags", "add_tags", "remove_tags")
    switches = {"enable_logging": ("start_logging", "stop_logging")}
    refused = ("advanced_event_selector", "insight_selector")

    def complete(self, aws: Aws, created: Values) -> None:
        super().complete(aws, created)
        self.tagging.change(
            self.client(aws), {**created, "arn": self.found(aws, created)["TrailARN"]}, {}, created["tags_all"] or {}
        )
        if created["enable_logging"]:
            self.call(aws, "start_logging", created)

    def parsed(self, aws: Aws, state: Values, found: Mapping[str, Any]) -> Values:
        logging = self.client(aws).get_trail_status(Name=found["TrailARN"])["IsLogging"]
        return {**super().parsed(aws, state, found), "id": found["TrailARN"], "enable_logging": logging}
