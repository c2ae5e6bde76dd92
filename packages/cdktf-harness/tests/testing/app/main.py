"""A tiny app: a log group, and a role of another stack that may write to it.

It is written without provider bindings, whose import takes ten seconds, and names no backend and no endpoint.
"""

from __future__ import annotations

import json
from typing import Any

import jsii
from cdktf import App, Aspects, IAspect, TerraformOutput, TerraformProvider, TerraformResource, TerraformStack
from constructs import Construct, IConstruct

METADATA = {"provider_name": "aws", "provider_version": "6.25.0"}


class Resource(TerraformResource):
    """Any resource of the AWS provider."""

    def __init__(self, scope: Construct, id_: str, type_: str, **arguments: Any) -> None:
        super().__init__(scope, id_, terraform_resource_type=type_, terraform_generator_metadata=METADATA)
        for name, value in arguments.items():
            self.add_override(name, value)


class Logs(Construct):
    """A log group and its name as an output."""

    def __init__(self, scope: Construct, id_: str, *, name: str, days: int) -> None:
        super().__init__(scope, id_)
        self.group = Resource(self, "group", "aws_cloudwatch_log_group", name=name, retention_in_days=days)
        TerraformOutput(self, "name", value=self.group.get_string_attribute("name"))


class Access(Construct):
    """A role that may write to a log group."""

    def __init__(self, scope: Construct, id_: str, *, name: str, group: Resource) -> None:
        super().__init__(scope, id_)
        trust = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": {"Service": "lambda.amazonaws.com"}}
        write = {"Effect": "Allow", "Action": "logs:PutLogEvents", "Resource": group.get_string_attribute("arn")}
        role = Resource(self, "role", "aws_iam_role", name=name, assume_role_policy=json.dumps(policy(trust)))
        Resource(
            self,
            "policy",
            "aws_iam_role_policy",
            name="write",
            role=role.get_string_attribute("name"),
            policy=json.dumps(policy(write)),
        )


def policy(statement: dict[str, Any]) -> dict[str, Any]:
    """A policy of one statement."""
    return {"Version": "2012-10-17", "Statement": [statement]}


@jsii.implements(IAspect)
class Tagged:
    """An Aspect that tags what can be."""

    def visit(self, node: IConstruct) -> None:
        """Tag a log group or a role."""
        if isinstance(node, Resource) and node.terraform_resource_type != "aws_iam_role_policy":
            node.add_override("tags", {"App": "tiny"})


def stack(app: App, name: str) -> TerraformStack:
    """A stack with its AWS provider."""
    made = TerraformStack(app, name)
    provider = TerraformProvider(
        made,
        "aws",
        terraform_resource_type="aws",
        terraform_provider_source="aws",
        terraform_generator_metadata=METADATA,
    )
    provider.add_override("region", app.node.try_get_context("region"))
    # On each stack: CDKTF does not apply those of the app.
    Aspects.of(made).add(Tagged())
    return made


app = App()
name = app.node.try_get_context("name")
logs = Logs(stack(app, "logs"), "app", name=f"/{name}/app", days=int(app.node.try_get_context("days")))
Access(stack(app, "access"), "writer", name=name, group=logs.group)
app.synth()
