"""The app, deployed to a stage of its own in an AWS account, for tests; what that costs is checked before."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import messages
from cdktf_harness.deployment.aws.deployment import AwsDeployment, account
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.target import Outputs
from cdktf_harness.project import environment
from cdktf_harness.project.project import TABLE
from cdktf_harness.pytest_plugin.deployment import Deployed
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.errors import HarnessError
from cdktf_harness.system.progress import Steps

# Types that cost nothing by the hour, but by the request or by what they store; a test run stays below a cent. Of
# CloudWatch's alarms and dashboards and KMS's keys an hour costs less than one, too (https://aws.amazon.com/pricing/).
CHEAP = re.compile(
    r"aws_(api_gateway|apigatewayv2|cloudwatch|ecr|iam|kms|lambda|s3|sns|sqs)_\w+"
    r"|aws_(dynamodb_table|ssm_parameter|caller_identity|region|partition)|docker_\w+|terraform_\w+|null_resource"
)
# These cost by the hour nevertheless.
DEAR = re.compile(r"aws_lambda_(provisioned_concurrency_config|capacity_provider)|aws_cloudwatch_metric_stream")


class AwsCloud:
    """The account of the credentials: boto3 clients, log groups."""

    def __init__(self, deployment: AwsDeployment) -> None:
        self._deployment = deployment

    def client(self, service: str) -> Any:
        """Return a boto3 client in the region of the app."""
        return self._deployment.client(service)

    def logs(self, group: str) -> list[str]:
        """Return the messages in a CloudWatch log group, oldest first."""
        return messages(self.client("logs"), group)


class DeployedOnAws(Deployed):
    """All stacks of the app in the stage `stage` of the account `number`, which nobody else uses; files in `folder`.

    Variables of this process that are settings of the app count as on a deployment to AWS, below `settings`.
    """

    def __init__(self, app: App, folder: Path, *, number: str, stage: str, settings: Settings | None = None) -> None:
        if not app.project.stages:
            raise HarnessError(f"[{TABLE}] names no `stages`: tests on AWS need a stage that nobody else uses")
        self._number = number
        self._checked = False
        given = {**app.project.in_variables, **(settings or {}), app.project.stage_setting: stage}
        super().__init__(app, folder, settings=given)
        self._choose({})

    def up(self, settings: Settings | None = None, /, **more: Any) -> Outputs:
        """Deploy; first destroy what a killed run has left.

        Raises HarnessError if the account is another one, or if the app has types that cost by the hour.
        """
        if not self._checked:
            self._choose({**(settings or {}), **more})
            self._begin()
            self._checked = True
        return super().up(settings, **more)

    def down(self) -> None:
        """Destroy all stacks. If that fails, the next run does it."""
        self._close()
        if self._left.exists():
            self.destroy()
        shutil.rmtree(self.folder)

    @property
    def cloud(self) -> Any:
        """The account: boto3 clients (`cloud.client("s3")`), log groups."""
        return AwsCloud(self._aws)

    def _begin(self) -> None:
        found = account(self.target.project, environment.providers("registry"))
        if found.number != self._number:
            raise HarnessError(
                f"the credentials are for account {found.number}, not {self._number}: nothing is deployed"
            )
        self._start()
        self._configure()
        check_costs({block.type for stack in self.target.synthesize().values() for block in stack.resources()})
        if self._left.exists():
            self.target.steps.say("  an earlier run has left this stage; it is destroyed first")
            self.target.destroy()
        self._left.touch()

    @property
    def _left(self) -> Path:
        """A file that is there while the stage may be."""
        return self.folder / "deployed"

    @property
    def _aws(self) -> AwsDeployment:
        assert isinstance(self.target, AwsDeployment)
        return self.target

    def _make_target(self, steps: Steps) -> Deployment:
        # Where commands in the folder of the app have theirs, too.
        return AwsDeployment(self.app.project, self.app.project.folder / "aws", steps=steps)

    def _start(self) -> None:
        self._stop_terraform()
        self._aws.start(images=True)
        self._own_env = dict(self._aws.env)

    def _environment(self) -> dict[str, str]:
        prefix = self.app.project.settings_prefix
        return {name: value for name, value in self._own_env.items() if not prefix or not name.startswith(prefix)}


def check_costs(types: Iterable[str]) -> None:
    """Raise HarnessError if a type of resources costs by the hour, or is not known to cost nothing then."""
    dear = sorted(name for name in types if DEAR.fullmatch(name) or not CHEAP.fullmatch(name))
    if dear:
        raise HarnessError(
            f"{', '.join(dear)} may cost by the hour: turn off what needs it in the settings of the tests"
        )
