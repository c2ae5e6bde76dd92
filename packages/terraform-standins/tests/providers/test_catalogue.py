"""Create, change, import and destroy the resources of the catalogue, in one deployment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.cloud import Cloud

from .catalogue import ACCOUNT, READ_ONLY, configuration
from .catalogue_changes import IN_PLACE, LEFT_OUT, REPLACED, Config
from .running import Running
from .workspace import Workspace, changed, environment, imports

Aws = Callable[[str], Any]
POLICY = '{"Statement": [{"Effect": "Deny", "Action": "*", "Resource": "*"}]}'
TOPIC_ARN = f"arn:aws:sns:eu-central-1:{ACCOUNT}:many"


@pytest.fixture(scope="module")
def deployed(
    mirror: Path, cloud: Cloud, running: Running, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Workspace]:
    """The applied configuration; its destroy leaves nothing."""
    workspace = Workspace(
        tmp_path_factory.mktemp("catalogue"), environment(mirror, cloud.url, cloud.credentials), running
    )
    write(workspace, configuration())
    workspace.apply()
    yield workspace
    workspace.run("destroy", "-auto-approve", "-refresh=false")
    assert left(cloud) == []


def left(cloud: Cloud) -> list[str]:
    """The resources of the configuration that still exist."""

    def ask(service: str, call: str, key: str, **arguments: Any) -> list[Any]:
        client = cloud.client(service, region_name="eu-central-1")
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
        *ask("ecr", "describe_repositories", "repositories"),
        *ask("iam", "list_roles", "Roles"),
        *ask("lambda", "list_functions", "Functions"),
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


def change(resources: Config, changes: Config) -> None:
    """Change arguments by type; None removes one."""
    for type_, arguments in changes.items():
        this = resources[type_]["this"]
        this.update(arguments)
        for name in [name for name, value in arguments.items() if value is None]:
            del this[name]


def all_of(types: Iterable[str], action: str) -> dict[str, list[str]]:
    """The same action for the resources of all these types."""
    return {f"{type_}.this": [action] for type_ in types}


def test_state_is_that_of_the_real_provider(deployed: Workspace) -> None:
    """Values that are not configured are AWS's defaults, in the real provider's formats, also without a recording."""
    restore(deployed)
    key, plan_key = (deployed.state(f"aws_api_gateway_{name}.this") for name in ("api_key", "usage_plan_key"))
    assert (plan_key["id"], plan_key["value"], plan_key["name"]) == (key["id"], key["value"], "many")
    assert deployed.state("aws_ssm_parameter.this")["tier"] == "Standard"
    bucket = deployed.state("aws_s3_bucket.this")
    assert bucket["bucket_regional_domain_name"] == "many-of-them.s3.eu-central-1.amazonaws.com"
    assert bucket["hosted_zone_id"] == "Z21DNDUVLTQW6Q"
    token = deployed.state("aws_ecr_authorization_token.this")
    assert (token["id"], token["user_name"]) == ("eu-central-1", "AWS")
    assert deployed.plan() == {}


def test_replaced(deployed: Workspace) -> None:
    """Each of these changes replaces the resource because of that argument."""
    restore(deployed)
    resources = configuration()
    change(resources, {type_: arguments for type_, (arguments, _) in REPLACED.items()})
    write(deployed, resources)
    plan = deployed.plan("-refresh=false")
    write(deployed, configuration())
    for type_, (_, because) in REPLACED.items():
        assert [because] in plan[f"{type_}.this"].get("replace_paths", ()), type_


def test_import(deployed: Workspace) -> None:
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
        "aws_api_gateway_resource": f"{api}/{ids['aws_api_gateway_resource']['id']}",
        "aws_api_gateway_method_settings": f"{api}/prod/*/*",
        "aws_api_gateway_authorizer": f"{api}/{ids['aws_api_gateway_authorizer']['id']}",
        "aws_api_gateway_model": f"{api}/many",
        "aws_api_gateway_request_validator": f"{api}/{ids['aws_api_gateway_request_validator']['id']}",
        "aws_lambda_alias": "many/live",
        "aws_lambda_permission": "many:live/Api",
        "aws_cloudwatch_log_metric_filter": "/many:errors",
        "aws_cloudwatch_query_definition": f"arn:aws:logs:eu-central-1:{ACCOUNT}:query-definition:"
        + ids["aws_cloudwatch_query_definition"]["id"],
    }
    every = {f"{type_}.this": special.get(type_) or state["id"] for type_, state in ids.items()}
    write(deployed, configuration(), **imports(every))
    plan = deployed.plan("-state=nothing.tfstate")
    write(deployed, configuration())
    to_do = {address: changed(change) for address, change in plan.items() if change["actions"] == ["update"]}
    assert {address: names for address, names in to_do.items() if names} == {
        "aws_lambda_function.this": {"publish"},
        "aws_sns_topic_subscription.this": {"confirmation_timeout_in_minutes", "endpoint_auto_confirms"},
        "aws_s3_bucket.this": {"force_destroy"},
        "aws_ecr_repository.this": {"force_delete"},
        "aws_kms_key.this": {"bypass_policy_lockout_safety_check", "deletion_window_in_days"},
    }
    assert {tuple(change["actions"]) for change in plan.values()} <= {("update",), ("no-op",)}


def test_changed_in_place(deployed: Workspace) -> None:
    """Each of these changes is an update, and the next plan is empty."""
    restore(deployed)
    resources = configuration()
    change(resources, IN_PLACE)
    write(deployed, resources)
    plan = deployed.plan("-refresh=false")
    assert {address: change["actions"] for address, change in plan.items()} == all_of(IN_PLACE, "update")
    assert plan["aws_ssm_parameter.this"]["after_unknown"] == {"version": True, "tags": {}, "tags_all": {}}
    apply_planned(deployed)


def test_left_out(deployed: Workspace) -> None:
    """Removed arguments are removed in AWS, and the next plan is empty."""
    restore(deployed)
    resources = configuration()
    change(resources, LEFT_OUT)
    write(deployed, resources)
    assert deployed.actions("-refresh=false") == all_of(LEFT_OUT, "update")
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
    aws("ecr").put_image_tag_mutability(repositoryName="many", imageTagMutability="MUTABLE")
    aws("iam").put_role_policy(RoleName="many", PolicyName="write", PolicyDocument=POLICY)
    aws("iam").detach_role_policy(RoleName="many", PolicyArn=READ_ONLY)
    aws("lambda").remove_permission(FunctionName="many", Qualifier="live", StatementId="Api")
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
        "aws_ecr_repository",
        "aws_iam_role_policy",
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
        "aws_iam_role_policy_attachment",
        "aws_lambda_permission",
    )
    assert deployed.actions() == {
        **all_of(updated, "update"),
        **all_of(created, "create"),
    }
    apply_planned(deployed)
