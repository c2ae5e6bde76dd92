"""Create, change, import and destroy the resources of the catalogue, in one deployment."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.cloud.embedded import EmbeddedCloud
from cdktf_harness.cloud.process import Cloud

from .catalogue import ACCOUNT, DASHBOARD, configuration
from .conftest import _environment
from .running import Running
from .workspace import Workspace, changed, imports

Aws = Callable[[str], Any]
Config = dict[str, Any]
TOPIC_ARN = f"arn:aws:sns:eu-central-1:{ACCOUNT}:many"


@pytest.fixture(scope="module")
def deployed(mirror: Path, cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """The applied configuration; its destroy leaves nothing."""
    running = Running(tmp_path_factory.mktemp("catalogue"))
    workspace = Workspace(running.folder, _environment(mirror, cloud.url, cloud.credentials), running)
    write(workspace, configuration())
    workspace.apply()
    yield workspace
    workspace.run("destroy", "-auto-approve")
    running.close()
    assert left(cloud) == []


def left(cloud: Cloud) -> list[str]:
    """The resources of the configuration that still exist."""

    def ask(service: str, call: str, key: str, **arguments: Any) -> list[Any]:
        client = EmbeddedCloud(cloud, "eu-central-1").client(service)
        return list(getattr(client, call)(**arguments).get(key, ()))

    found = [
        *ask("apigateway", "get_rest_apis", "items"),
        *ask("apigateway", "get_api_keys", "items"),
        *ask("apigateway", "get_usage_plans", "items"),
        *ask("sns", "list_topics", "Topics"),
        *ask("sns", "list_subscriptions", "Subscriptions"),
        *ask("cloudwatch", "describe_alarms", "MetricAlarms"),
        *ask("cloudwatch", "list_dashboards", "DashboardEntries"),
        *ask("logs", "describe_log_groups", "logGroups"),
        *ask("ssm", "describe_parameters", "Parameters"),
        *ask("sqs", "list_queues", "QueueUrls"),
        *ask("s3", "list_buckets", "Buckets"),
        *ask("dynamodb", "list_tables", "TableNames"),
    ]
    return [str(one) for one in found]


def write(workspace: Workspace, resources: Config, **more: Any) -> None:
    """Write the resources, with the data source of this catalogue."""
    workspace.write(resource=resources, data={"aws_ecr_authorization_token": {"this": {}}}, **more)


def restore(workspace: Workspace) -> None:
    """Apply the original configuration, if another test has changed it."""
    before = (workspace.folder / "main.tf.json").read_text()
    write(workspace, configuration())
    if (workspace.folder / "main.tf.json").read_text() != before:
        workspace.run("apply", "-auto-approve", "-refresh=false")


def apply_planned(workspace: Workspace) -> None:
    """Apply the plan of `plan` or `actions`; the next plan is empty."""
    workspace.run("apply", "plan")
    assert workspace.plan() == {}


def copy(workspace: Workspace, folder: Path) -> Workspace:
    """The same deployment in another folder, for plans without an apply."""
    shutil.copy(workspace.folder / "terraform.tfstate", folder)
    return Workspace(folder, workspace.env)


def change(resources: Config, changes: Config) -> None:
    """Change arguments by type; None removes one."""
    for type_, arguments in changes.items():
        this = resources[type_]["this"]
        this.update(arguments)
        for name in [name for name, value in arguments.items() if value is None]:
            del this[name]


IN_PLACE: Config = {
    "aws_api_gateway_api_key": {"name": "other", "description": "d", "enabled": False, "tags": {"a": "c", "d": "e"}},
    "aws_api_gateway_usage_plan": {
        "name": "other",
        "product_code": "p",
        "api_stages": {
            "api_id": "${aws_api_gateway_rest_api.this.id}",
            "stage": "prod",
            "throttle": {"path": "/ /GET", "burst_limit": 3, "rate_limit": 1.5},
        },
        "quota_settings": {"limit": 11, "period": "WEEK", "offset": 1},
        "throttle_settings": {"burst_limit": 11, "rate_limit": 2.5},
        "tags": {"d": "e"},
    },
    "aws_api_gateway_gateway_response": {"status_code": "403", "response_templates": {"application/json": "{}"}},
    "aws_api_gateway_method_response": {"response_models": {"application/xml": "Empty"}},
    "aws_api_gateway_integration_response": {
        "selection_pattern": "20.",
        "response_parameters": {"method.response.header.A": "'a'"},
    },
    "aws_lambda_function_event_invoke_config": {"maximum_retry_attempts": 1, "maximum_event_age_in_seconds": 60},
    "aws_sns_topic": {
        "display_name": "other",
        "tracing_config": "Active",
        "lambda_success_feedback_sample_rate": 10,
        "delivery_policy": '{"http": {"defaultHealthyRetryPolicy": {"numRetries": 4}}}',
        "tags": {"a": "b"},
    },
    "aws_sns_topic_subscription": {
        "filter_policy": '{"kind": ["a"]}',
        "filter_policy_scope": "MessageBody",
        "raw_message_delivery": True,
    },
    "aws_cloudwatch_metric_alarm": {
        "threshold": 0.05,
        "period": 60,
        "statistic": "Sum",
        "extended_statistic": None,
        "tags": {"a": "c"},
    },
    "aws_cloudwatch_dashboard": {"dashboard_body": '{"widgets": []}'},
    "aws_kms_key": {"description": "other", "enable_key_rotation": False, "is_enabled": False, "tags": {"d": "e"}},
    "aws_cloudwatch_query_definition": {"name": "many/others", "query_string": "fields @timestamp"},
    "aws_cloudwatch_log_metric_filter": {
        "pattern": "{ $.level = * }",
        "metric_transformation": {
            "name": "Errors",
            "namespace": "Many",
            "value": "1",
            "dimensions": {"Level": "$.level"},
            "unit": "Count",
        },
    },
    "aws_ssm_parameter": {"value": "v2", "description": "e", "tags": {"a": "c", "d": "e"}},
    "aws_sqs_queue": {
        "visibility_timeout_seconds": 90,
        "kms_master_key_id": "alias/aws/sqs",
        "redrive_allow_policy": '{"redrivePermission": "denyAll"}',
        "tags": {"d": "e"},
    },
    "aws_s3_bucket": {"tags": {"d": "e"}},
    "aws_s3_bucket_versioning": {"versioning_configuration": {"status": "Suspended"}},
    "aws_s3_bucket_public_access_block": {"restrict_public_buckets": True},
    "aws_s3_bucket_server_side_encryption_configuration": {
        "rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}
    },
    "aws_dynamodb_table": {
        "billing_mode": "PROVISIONED",
        "read_capacity": 2,
        "write_capacity": 3,
        "global_secondary_index": [
            {
                "name": "by-time",
                "hash_key": "at",
                "projection_type": "INCLUDE",
                "non_key_attributes": ["x"],
                "read_capacity": 1,
                "write_capacity": 1,
            },
            {
                "name": "by-owner",
                "hash_key": "owner",
                "projection_type": "ALL",
                "read_capacity": 1,
                "write_capacity": 1,
            },
        ],
        "stream_view_type": "KEYS_ONLY",
        "ttl": {"attribute_name": "expires", "enabled": False},
        "point_in_time_recovery": {"enabled": False},
        "table_class": "STANDARD_INFREQUENT_ACCESS",
        "tags": {"a": "c"},
    },
}

LEFT_OUT: Config = {
    "aws_api_gateway_api_key": {"tags": None},
    "aws_api_gateway_usage_plan": {"api_stages": None, "quota_settings": None, "throttle_settings": None, "tags": None},
    "aws_api_gateway_gateway_response": {"response_parameters": None},
    "aws_api_gateway_method_response": {"response_models": None, "response_parameters": None},
    "aws_api_gateway_integration_response": {"response_templates": None, "selection_pattern": None},
    "aws_lambda_function_event_invoke_config": {"destination_config": None},
    "aws_sns_topic": {"kms_master_key_id": None, "display_name": None},
    "aws_cloudwatch_metric_alarm": {"alarm_description": None, "ok_actions": None, "dimensions": None, "tags": None},
    "aws_ssm_parameter": {"description": None, "tags": None},
    "aws_kms_key": {"enable_key_rotation": None, "tags": None},
    "aws_cloudwatch_query_definition": {"log_group_names": None},
    "aws_sqs_queue": {"visibility_timeout_seconds": None, "tags": None},
    "aws_s3_bucket": {"force_destroy": None, "tags": None},
    "aws_s3_bucket_public_access_block": {"block_public_acls": None, "ignore_public_acls": None},
    "aws_dynamodb_table": {
        "global_secondary_index": None,
        "stream_enabled": False,
        "stream_view_type": None,
        "ttl": None,
        "tags": None,
    },
}

REPLACED: dict[str, tuple[Config, str]] = {
    "aws_api_gateway_api_key": ({"value": "0123456789" * 3}, "value"),
    "aws_api_gateway_usage_plan_key": ({}, "key_id"),
    "aws_api_gateway_gateway_response": ({"response_type": "DEFAULT_4XX"}, "response_type"),
    "aws_api_gateway_method": ({"http_method": "POST"}, "http_method"),
    "aws_api_gateway_method_response": ({}, "http_method"),
    "aws_api_gateway_integration_response": ({}, "http_method"),
    "aws_lambda_alias": ({"name": "green"}, "name"),
    "aws_lambda_function_event_invoke_config": ({}, "qualifier"),
    "aws_sns_topic": ({"name": "other"}, "name"),
    "aws_sns_topic_subscription": ({"endpoint": "other@example.com"}, "endpoint"),
    "aws_cloudwatch_metric_alarm": ({"alarm_name": "other"}, "alarm_name"),
    "aws_cloudwatch_dashboard": ({"dashboard_name": "other"}, "dashboard_name"),
    "aws_kms_key": ({"customer_master_key_spec": "HMAC_256", "key_usage": "GENERATE_VERIFY_MAC"}, "key_usage"),
    "aws_cloudwatch_log_metric_filter": ({"name": "other"}, "name"),
    "aws_ssm_parameter": ({"name": "/other"}, "name"),
    "aws_sqs_queue": ({"name": "other"}, "name"),
    "aws_s3_bucket": ({"bucket": "other-bucket"}, "bucket"),
    "aws_s3_bucket_versioning": ({}, "bucket"),
    "aws_s3_bucket_public_access_block": ({}, "bucket"),
    "aws_s3_bucket_server_side_encryption_configuration": ({}, "bucket"),
    "aws_dynamodb_table": ({"hash_key": "at", "range_key": "id"}, "hash_key"),
}


def all_of(types: Iterable[str], action: str) -> dict[str, list[str]]:
    """The same action for the resources of all these types."""
    return {f"{type_}.this": [action] for type_ in types}


def test_state_is_that_of_the_real_provider(deployed: Workspace) -> None:
    """Values that are not configured are AWS's defaults, in the real provider's formats."""
    restore(deployed)
    key = deployed.state("aws_api_gateway_api_key.this")
    assert key["arn"] == f"arn:aws:apigateway:eu-central-1::/apikeys/{key['id']}"
    assert key["description"] == "Managed by Terraform"
    assert len(key["value"]) == 32
    plan_key = deployed.state("aws_api_gateway_usage_plan_key.this")
    assert (plan_key["id"], plan_key["value"], plan_key["name"]) == (key["id"], key["value"], "many")
    topic = deployed.state("aws_sns_topic.this")
    assert topic["id"] == topic["arn"] == TOPIC_ARN
    assert json.loads(topic["policy"])["Id"] == "__default_policy_ID"
    assert (topic["owner"], topic["signature_version"]) == (ACCOUNT, 0)
    assert topic["policy"] == topic["policy"].replace(" ", "")
    alarm = deployed.state("aws_cloudwatch_metric_alarm.this")
    assert alarm["arn"] == f"arn:aws:cloudwatch:eu-central-1:{ACCOUNT}:alarm:many"
    assert (alarm["statistic"], alarm["extended_statistic"], alarm["unit"]) == ("", "p95", "")
    dashboard = deployed.state("aws_cloudwatch_dashboard.this")
    assert dashboard["dashboard_arn"] == f"arn:aws:cloudwatch::{ACCOUNT}:dashboard/many"
    assert dashboard["dashboard_body"] == DASHBOARD
    async_ = deployed.state("aws_lambda_function_event_invoke_config.this")
    assert async_["id"] == "many:live"
    assert async_["destination_config"] == [{"on_failure": [{"destination": TOPIC_ARN}], "on_success": []}]
    assert deployed.state("aws_ssm_parameter.this")["tier"] == "Standard"
    bucket = deployed.state("aws_s3_bucket.this")
    assert bucket["bucket_regional_domain_name"] == "many-of-them.s3.eu-central-1.amazonaws.com"
    assert bucket["hosted_zone_id"] == "Z21DNDUVLTQW6Q"
    token = deployed.state("aws_ecr_authorization_token.this")
    assert (token["id"], token["user_name"]) == ("eu-central-1", "AWS")
    assert deployed.plan() == {}


def test_replaced(deployed: Workspace, tmp_path: Path) -> None:
    """Each of these changes replaces the resource because of that argument."""
    restore(deployed)
    resources = configuration()
    change(resources, {type_: arguments for type_, (arguments, _) in REPLACED.items()})
    workspace = copy(deployed, tmp_path)
    write(workspace, resources)
    plan = workspace.plan()
    for type_, (_, because) in REPLACED.items():
        assert [because] in plan[f"{type_}.this"].get("replace_paths", ()), type_


def test_import(deployed: Workspace, tmp_path: Path) -> None:
    """By their import ids; only arguments that AWS does not store change afterwards."""
    restore(deployed)
    ids = {type_: deployed.state(f"{type_}.this") for type_ in configuration()}
    api, root = ids["aws_api_gateway_rest_api"]["id"], ids["aws_api_gateway_rest_api"]["root_resource_id"]
    special = {
        "aws_api_gateway_method": f"{api}/{root}/GET",
        "aws_api_gateway_integration": f"{api}/{root}/GET",
        "aws_api_gateway_method_response": f"{api}/{root}/GET/200",
        "aws_api_gateway_integration_response": f"{api}/{root}/GET/200",
        "aws_api_gateway_gateway_response": f"{api}/MISSING_AUTHENTICATION_TOKEN",
        "aws_api_gateway_deployment": f"{api}/{ids['aws_api_gateway_deployment']['id']}",
        "aws_api_gateway_stage": f"{api}/prod",
        "aws_api_gateway_usage_plan_key": "/".join(
            (ids["aws_api_gateway_usage_plan"]["id"], ids["aws_api_gateway_api_key"]["id"])
        ),
        "aws_lambda_alias": "many/live",
        "aws_cloudwatch_log_metric_filter": "/many:errors",
        "aws_cloudwatch_query_definition": f"arn:aws:logs:eu-central-1:{ACCOUNT}:query-definition:"
        + ids["aws_cloudwatch_query_definition"]["id"],
    }
    workspace = Workspace(tmp_path, deployed.env)
    every = {f"{type_}.this": special.get(type_) or state["id"] for type_, state in ids.items()}
    write(workspace, configuration(), **imports(every))
    plan = workspace.plan()
    to_do = {address: changed(change) for address, change in plan.items() if change["actions"] == ["update"]}
    assert {address: names for address, names in to_do.items() if names} == {
        "aws_lambda_function.this": {"publish"},
        "aws_sns_topic_subscription.this": {"confirmation_timeout_in_minutes", "endpoint_auto_confirms"},
        "aws_s3_bucket.this": {"force_destroy"},
        "aws_kms_key.this": {"bypass_policy_lockout_safety_check", "deletion_window_in_days"},
    }
    assert {tuple(change["actions"]) for change in plan.values()} <= {("update",), ("no-op",)}


def test_changed_in_place(deployed: Workspace) -> None:
    """Each of these changes is an update, and the next plan is empty."""
    restore(deployed)
    resources = configuration()
    change(resources, IN_PLACE)
    write(deployed, resources)
    plan = deployed.plan()
    assert {address: change["actions"] for address, change in plan.items()} == all_of(IN_PLACE, "update")
    assert plan["aws_ssm_parameter.this"]["after_unknown"] == {"version": True, "tags": {}, "tags_all": {}}
    apply_planned(deployed)


def test_left_out(deployed: Workspace) -> None:
    """Removed arguments are removed in AWS, and the next plan is empty."""
    restore(deployed)
    resources = configuration()
    change(resources, LEFT_OUT)
    write(deployed, resources)
    assert deployed.actions() == all_of(LEFT_OUT, "update")
    apply_planned(deployed)


def test_changed_behind_terraforms_back(deployed: Workspace, aws: Aws) -> None:
    """Drift is repaired; deleted resources are created again."""
    restore(deployed)
    ids = {type_: deployed.state(f"{type_}.this") for type_ in configuration()}
    gateway, api = aws("apigateway"), ids["aws_api_gateway_rest_api"]["id"]
    who = {"restApiId": api, "resourceId": ids["aws_api_gateway_rest_api"]["root_resource_id"], "httpMethod": "GET"}
    renamed = [{"op": "replace", "path": "/name", "value": "drift"}]
    gateway.update_api_key(apiKey=ids["aws_api_gateway_api_key"]["id"], patchOperations=renamed)
    plan_id = ids["aws_api_gateway_usage_plan"]["id"]
    gateway.update_usage_plan(usagePlanId=plan_id, patchOperations=renamed)
    gateway.delete_usage_plan_key(usagePlanId=plan_id, keyId=ids["aws_api_gateway_api_key"]["id"])
    gateway.delete_gateway_response(restApiId=api, responseType="MISSING_AUTHENTICATION_TOKEN")
    gateway.put_method_response(**who, statusCode="200")
    gateway.delete_integration_response(**who, statusCode="200")
    aws("lambda").delete_function_event_invoke_config(FunctionName="many", Qualifier="live")
    aws("sns").set_topic_attributes(TopicArn=TOPIC_ARN, AttributeName="DisplayName", AttributeValue="drift")
    aws("sns").unsubscribe(SubscriptionArn=ids["aws_sns_topic_subscription"]["id"])
    aws("cloudwatch").delete_alarms(AlarmNames=["many"])
    aws("cloudwatch").delete_dashboards(DashboardNames=["many"])
    key, query = ids["aws_kms_key"]["id"], ids["aws_cloudwatch_query_definition"]["id"]
    aws("kms").update_key_description(KeyId=key, Description="drift")
    aws("logs").delete_query_definition(queryDefinitionId=query)
    aws("logs").delete_metric_filter(logGroupName="/many", filterName="errors")
    aws("ssm").put_parameter(Name="/many/secret", Value="drift", Type="SecureString", Overwrite=True)
    aws("sqs").delete_queue(QueueUrl=ids["aws_sqs_queue"]["id"])
    s3 = aws("s3")
    s3.put_bucket_tagging(Bucket="many-of-them", Tagging={"TagSet": [{"Key": "drift", "Value": "x"}]})
    s3.put_bucket_versioning(Bucket="many-of-them", VersioningConfiguration={"Status": "Suspended"})
    s3.delete_public_access_block(Bucket="many-of-them")
    s3.delete_bucket_encryption(Bucket="many-of-them")
    aws("dynamodb").update_table(TableName="many", StreamSpecification={"StreamEnabled": False})
    updated = (
        "aws_api_gateway_api_key",
        "aws_api_gateway_usage_plan",
        "aws_api_gateway_method_response",
        "aws_sns_topic",
        "aws_kms_key",
        "aws_ssm_parameter",
        "aws_s3_bucket",
        "aws_s3_bucket_versioning",
        "aws_s3_bucket_server_side_encryption_configuration",
        "aws_dynamodb_table",
    )
    created = (
        "aws_api_gateway_usage_plan_key",
        "aws_api_gateway_gateway_response",
        "aws_api_gateway_integration_response",
        "aws_lambda_function_event_invoke_config",
        "aws_sns_topic_subscription",
        "aws_cloudwatch_metric_alarm",
        "aws_cloudwatch_dashboard",
        "aws_cloudwatch_log_metric_filter",
        "aws_cloudwatch_query_definition",
        "aws_sqs_queue",
        "aws_s3_bucket_public_access_block",
    )
    assert deployed.actions() == {
        **all_of(updated, "update"),
        **all_of(created, "create"),
    }
    apply_planned(deployed)
