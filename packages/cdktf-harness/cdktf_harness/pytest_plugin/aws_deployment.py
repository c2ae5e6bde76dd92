"""The app, deployed to a dedicated stage in an AWS account, for tests; its costs are checked before."""

from __future__ import annotations

import getpass
import re
import shutil
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cdktf_harness.cloud import messages
from cdktf_harness.deployment.aws.deployment import AwsDeployment, account, other_account
from cdktf_harness.deployment.deployment import Deployment
from cdktf_harness.deployment.target import Outputs
from cdktf_harness.project.project import TABLE
from cdktf_harness.pytest_plugin.deployment import Deployed
from cdktf_harness.synthesis.app import App, Settings
from cdktf_harness.system.deployment_lock import owned
from cdktf_harness.system.errors import HarnessError

# Types that are not billed by the hour, but by the request or by what they store; a test run costs less than a cent. So
# does an hour of CloudWatch's alarms and dashboards and KMS's keys (https://aws.amazon.com/pricing/).
_CHEAP = re.compile(
    r"aws_(api_gateway|apigatewayv2|cloudwatch|ecr|iam|kms|lambda|s3|sns|sqs)_\w+"
    r"|aws_(dynamodb_table|ssm_parameter|caller_identity|region|partition)|docker_\w+|terraform_\w+|null_resource"
)
# The exceptions, which are billed by the hour.
_DEAR = re.compile(r"aws_lambda_(provisioned_concurrency_config|capacity_provider)|aws_cloudwatch_metric_stream")


@dataclass(frozen=True)
class AwsCloud:
    """The account of the credentials: log groups, and `client`, which returns a boto3 client in the app's region."""

    client: Callable[[str], Any]

    def logs(self, group: str) -> list[str]:
        """Return the messages in a CloudWatch log group, oldest first."""
        return messages(self.client("logs"), group)


class DeployedOnAws(Deployed):
    """All stacks of the app in the dedicated stage `stage` of the account `number`; files in `folder`.

    Variables of this process that are settings of the app count as on a deployment to AWS, below `settings`.
    """

    def __init__(self, app: App, folder: Path, *, number: str, stage: str, settings: Settings | None = None) -> None:
        if not app.project.stages:
            raise HarnessError(f"[{TABLE}] has no `stages`: add them, since tests on AWS need a dedicated stage")
        self._number = number
        # Exists while the stage may exist.
        self._left, self._checked = folder / "deployed", False
        given = {**app.project.in_variables, **(settings or {}), app.project.stage_setting: stage}
        super().__init__(app, folder, settings=given)

    def up(self, settings: Settings | None = None, /, **more: Any) -> Outputs:
        """Deploy; first destroy what a killed run left.

        Raises HarnessError if it is another account, or if the app has types that are billed by the hour.
        """
        if not self._checked:
            self._choose({**(settings or {}), **more})
            found = account(self.target.project)
            if found.number != self._number:
                raise HarnessError(other_account(found, self._number))
            self._start()
            self._configure()
            check_costs({block.type for stack in self.target.synthesize().values() for block in stack.resources()})
            if self._left.exists():
                self.target.steps.say("  destroying this stage first, which an earlier run left")
                self.target.destroy()
            self._left.touch()
            self._checked = True
        return super().up(settings, **more)

    def down(self) -> None:
        """Destroy all stacks. If that fails, the next run does."""
        self._close()
        if self._left.exists():
            self.destroy()
        shutil.rmtree(self.folder)

    @property
    def cloud(self) -> Any:
        """The account: boto3 clients (`cloud.client("s3")`), log groups."""
        return AwsCloud(self._aws.client)

    def _make_target(self) -> Deployment:
        # The folder of the commands in the app's folder, too.
        self._aws = AwsDeployment(self.app.project, self.app.project.folder / "aws")
        return self._aws

    def _start(self) -> None:
        self._stop_terraform()
        self._aws.start(images=True)
        self._own_env = dict(self._aws.env)

    def _environment(self) -> dict[str, str]:
        prefix = self.app.project.settings_prefix
        return {name: value for name, value in self._own_env.items() if not prefix or not name.startswith(prefix)}


def check_costs(types: Iterable[str]) -> None:
    """Raise HarnessError if a resource type is billed by the hour, or not known to be cheap."""
    dear = sorted(name for name in types if _DEAR.fullmatch(name) or not _CHEAP.fullmatch(name))
    if dear:
        raise HarnessError(
            f"{', '.join(dear)} may be billed by the hour: disable the setting that adds them in the tests' settings"
        )


def stage(app: App) -> str:
    """Return the name of the stage: one for each user and checkout, in which a run finds what a killed one left."""
    user = re.sub("[^a-z0-9]", "", getpass.getuser().lower())[:6]
    return f"t-{user}-{zlib.crc32(str(app.root).encode()):08x}"[:16]


def aws_folder(app: App, number: str) -> Path:
    """Return the folder of a run in the account `number`; it stays until the deployment is destroyed."""
    return app.project.folder / f"tested-on-aws-{number}"


@contextmanager
def deployed_on_aws(app: App, number: str, settings: Settings) -> Iterator[DeployedOnAws]:
    """Yield the app, to be deployed to the account `number`; destroy it at the end."""
    folder = aws_folder(app, number)
    with owned(folder, _busy):
        deployed = DeployedOnAws(app, folder, number=number, stage=stage(app), settings=settings)
        try:
            yield deployed
        finally:
            deployed.down()


def _busy(holder: str) -> None:
    raise HarnessError(f"another test run uses the stage on AWS ({holder}): wait for it")
