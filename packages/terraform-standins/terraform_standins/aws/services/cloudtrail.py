"""CloudTrail: trails; records, no events are delivered."""

from __future__ import annotations

from ..resource import Answer, Aws, AwsResource, Calls, Tagging, Values


class Trail(AwsResource):
    type_name, label, service = "aws_cloudtrail", "CloudTrail", "cloudtrail"
    calls = Calls("create_trail", "get_trail", ("update_trail", "put_event_selectors"), "delete_trail")
    answer, named_by, derived, lenient = "Trail", "name", True, True
    names = {
        "name": "Name|TrailName",
        "arn": "TrailARN",
        "tags": "TagsList",
        "enable_log_file_validation": "LogFileValidationEnabled|EnableLogFileValidation",
    }
    tagging = Tagging("arn", "list_tags", "add_tags", "remove_tags")
    switches = {"enable_logging": ("start_logging", "stop_logging")}
    computed, refused = {"id": "{arn}"}, ("advanced_event_selector",)

    def complete(self, aws: Aws, created: Values) -> None:
        super().complete(aws, created)
        if created["enable_logging"]:
            self.call(aws, "start_logging", created)

    def parsed(self, aws: Aws, state: Values, found: Answer) -> Values:
        logging = self.client(aws).get_trail_status(Name=found["TrailARN"])["IsLogging"]
        return {**super().parsed(aws, state, found), "enable_logging": logging}
