"""Values that are not configured are null, unknown or empty as in the real provider's (hashicorp/aws 6.34)."""

from __future__ import annotations

from .workspace import Workspace

KEY = {"name": "id", "type": "S"}
TABLE = {"name": "table", "hash_key": "id", "billing_mode": "PAY_PER_REQUEST", "attribute": KEY}


def test_at_a_create(offline: Workspace) -> None:
    """In a plan."""
    function = {
        "function_name": "f",
        "package_type": "Image",
        "image_uri": "000000000000.dkr.ecr.eu-central-1.amazonaws.com/x:1",
        "role": "arn:aws:iam::000000000000:role/r",
        "logging_config": {"log_format": "Text"},
    }
    encryption = {"rule": {"apply_server_side_encryption_by_default": {"sse_algorithm": "AES256"}}, "bucket": "b"}
    offline.write(
        resource={
            "aws_lambda_function": {"this": function},
            "aws_dynamodb_table": {"this": TABLE},
            "aws_s3_bucket_server_side_encryption_configuration": {"this": encryption},
        }
    )
    plan = offline.plan()
    (logging,) = plan["aws_lambda_function.this"]["after"]["logging_config"]
    assert (logging["application_log_level"], logging["system_log_level"]) == (None, None)
    planned = plan["aws_dynamodb_table.this"]
    assert planned["after"]["table_class"] is None
    assert planned["after_unknown"]["warm_throughput"] is planned["after_unknown"]["global_table_witness"] is True
    (rule,) = plan["aws_s3_bucket_server_side_encryption_configuration.this"]["after"]["rule"]
    assert rule["apply_server_side_encryption_by_default"][0]["kms_master_key_id"] == ""


def test_in_the_state(workspace: Workspace) -> None:
    """In the state after an apply; the next plan is empty; a deprecated argument causes a warning."""
    parameter = {"name": "p", "type": "String", "value": "v"}
    given = {"aws_ssm_parameter": parameter, "aws_dynamodb_table": TABLE, "aws_kms_key": {}}
    workspace.apply(resource={type_: {"this": arguments} for type_, arguments in given.items()})
    key = workspace.state("aws_kms_key.this")
    assert (key["custom_key_store_id"], key["xks_key_id"]) == ("", "")
    assert workspace.state("aws_ssm_parameter.this")["insecure_value"] is None
    found = workspace.state("aws_dynamodb_table.this")
    assert (found["table_class"], found["warm_throughput"], found["global_table_witness"]) == ("STANDARD", [], [])
    assert workspace.plan() == {}


def test_a_parameter_that_becomes_write_only_leaves_no_value_in_the_state(workspace: Workspace) -> None:
    """Nor does a second apply, which refreshes; a value that is configured again is there again."""
    given = {"name": "p", "type": "SecureString"}
    for values, shown, write_only in (
        ({"value": "first"}, "first", None),
        ({"value_wo": "hidden", "value_wo_version": 1}, None, True),
        ({"value": "last"}, "last", None),
    ):
        workspace.converge(resource={"aws_ssm_parameter": {"p": {**given, **values}}})
        state = workspace.state("aws_ssm_parameter.p")
        assert (state["value"] or None, state["has_value_wo"] or None) == (shown, write_only)
