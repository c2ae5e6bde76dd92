"""Kinesis: data streams."""

from __future__ import annotations

from collections.abc import Collection

from ..resource import Aws, AwsResource, Calls, Tagging, Values, Wait


class Stream(AwsResource):
    type_name, label, service = "aws_kinesis_stream", "Kinesis Stream", "kinesis"
    calls = Calls("create_stream", "describe_stream_summary", ("update_stream_mode",), "delete_stream")
    answer, noun, named_by = "StreamDescriptionSummary", "Stream", "name"
    names = {
        "retention_period": "RetentionPeriodHours",
        "shard_count": "OpenShardCount|ShardCount",
        "kms_key_id": "KeyId",
    }
    derived, lenient = True, True
    tagging = Tagging("name", "list_tags_for_stream", "add_tags_to_stream", "remove_tags_from_stream")
    waits = Wait("StreamStatus", ("CREATING", "UPDATING", "DELETING"))
    switches = {
        "kms_key_id": ("start_stream_encryption", "stop_stream_encryption"),
        "shard_level_metrics": ("enable_enhanced_monitoring", "disable_enhanced_monitoring"),
    }
    extra = {name: {"EncryptionType": "KMS"} for name in switches["kms_key_id"]}
    computed, kept = {"id": "{arn}"}, ("encryption_type",)
    refused = ("max_record_size_in_kib",)

    def changeable(self) -> Collection[str]:
        return {*super().changeable(), "retention_period", "shard_count"}

    def update(self, aws: Aws, prior: Values, planned: Values) -> None:
        client, who = self.client(aws), {"StreamName": planned["name"]}
        old, new = (int(values["retention_period"] or 24) for values in (prior, planned))
        if old != new:
            verb = "increase" if new > old else "decrease"
            getattr(client, f"{verb}_stream_retention_period")(**who, RetentionPeriodHours=new)
            self.wait(aws, planned)
        if planned["shard_count"] and planned["shard_count"] != prior["shard_count"] and prior["id"] != prior["name"]:
            count = int(planned["shard_count"])
            client.update_shard_count(**who, TargetShardCount=count, ScalingType="UNIFORM_SCALING")
            self.wait(aws, planned)
        super().update(aws, prior, planned)
