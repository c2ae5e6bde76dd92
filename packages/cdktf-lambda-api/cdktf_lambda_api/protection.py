"""Resources that a protected deployment keeps: Terraform does not delete or replace them."""

from __future__ import annotations

from collections.abc import Collection

from cdktf import (
    App,
    DataResource,
    TerraformIterator,
    TerraformResource,
    TerraformResourceLifecycle,
    TerraformStack,
)

# What holds data or is part of the URL, of what the constructs make.
PROTECTED = (
    "aws_api_gateway_api_key",
    "aws_api_gateway_rest_api",
    "aws_api_gateway_stage",
    "aws_apigatewayv2_api",
    "aws_apigatewayv2_domain_name",
    "aws_apigatewayv2_stage",
    "aws_cloudwatch_log_group",
    "aws_ecr_repository",
)


def protect(app: App, types: Collection[str] = PROTECTED) -> None:
    """Let Terraform refuse to delete or replace what the stacks of `app` have of these types.

    Without its block, a resource would still be deleted. But then the resource `kept` has an instance less, and its
    block, which remains, refuses that.
    """
    keep = TerraformResourceLifecycle(prevent_destroy=True)
    for stack in [node for node in app.node.find_all() if isinstance(node, TerraformStack)]:
        resources = [node for node in stack.node.find_all() if isinstance(node, TerraformResource)]
        protected = [resource for resource in resources if resource.terraform_resource_type in types]
        for resource in protected:
            resource.add_override("lifecycle.prevent_destroy", True)
        paths = TerraformIterator.from_list([resource.node.path for resource in protected])
        DataResource(stack, "kept", for_each=paths, lifecycle=keep)
