"""Test a CDK for Terraform app with pytest: the fixtures are in `fixtures`, the options in `plugin`.

The names here are for annotations. Each is imported when it is used, so an unused plugin costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from terraform_standins.lazy_names import lazy

if TYPE_CHECKING:
    from cdktf_harness.checks.checkov import Checks as Checks
    from cdktf_harness.checks.report import Finding as Finding
    from cdktf_harness.checks.report import Report as Report
    from cdktf_harness.cloud import Cloud as Cloud
    from cdktf_harness.pytest_plugin.aws_resources import Bucket as Bucket
    from cdktf_harness.pytest_plugin.aws_resources import Function as Function
    from cdktf_harness.pytest_plugin.aws_resources import FunctionMock as FunctionMock
    from cdktf_harness.pytest_plugin.aws_resources import Queue as Queue
    from cdktf_harness.pytest_plugin.aws_resources import Table as Table
    from cdktf_harness.pytest_plugin.aws_resources import Topic as Topic
    from cdktf_harness.pytest_plugin.convergence import Converges as Converges
    from cdktf_harness.pytest_plugin.deployment import Deployed as Deployed
    from cdktf_harness.pytest_plugin.planner import Planner as Planner
    from cdktf_harness.pytest_plugin.stages import Stages as Stages
    from cdktf_harness.synthesis.app import App as App
    from cdktf_harness.synthesis.matching import ABSENT as ABSENT
    from cdktf_harness.synthesis.stacks import Block as Block
    from cdktf_harness.synthesis.stacks import Stack as Stack
    from cdktf_harness.synthesis.stacks import Synthesis as Synthesis
    from cdktf_harness.synthesis.synthesizer import Synthesizer as Synthesizer
    from cdktf_harness.terraform.changes import Change as Change
    from cdktf_harness.terraform.changes import Changes as Changes

_HOMES = {
    "ABSENT": "synthesis.matching",
    "App": "synthesis.app",
    "Block": "synthesis.stacks",
    **dict.fromkeys(("Bucket", "Function", "FunctionMock", "Queue", "Table", "Topic"), "pytest_plugin.aws_resources"),
    "Stages": "pytest_plugin.stages",
    "Change": "terraform.changes",
    "Changes": "terraform.changes",
    "Cloud": "cloud",
    "Converges": "pytest_plugin.convergence",
    "Deployed": "pytest_plugin.deployment",
    "Finding": "checks.report",
    "Planner": "pytest_plugin.planner",
    "Checks": "checks.checkov",
    "Report": "checks.report",
    "Stack": "synthesis.stacks",
    "Synthesis": "synthesis.stacks",
    "Synthesizer": "synthesis.synthesizer",
}

__all__ = sorted(_HOMES)
__getattr__ = lazy(__name__, _HOMES, "cdktf_harness")
