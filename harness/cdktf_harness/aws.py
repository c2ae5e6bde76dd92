"""A deployment to AWS."""

from __future__ import annotations

import os
from pathlib import Path

from cdktf_harness import environment
from cdktf_harness.deployment import Deployment
from cdktf_harness.errors import HarnessError
from cdktf_harness.images import emulation_for, engine_for
from cdktf_harness.project import Project
from cdktf_harness.steps import Steps


class AwsDeployment(Deployment):
    """The stacks of a project in the AWS account of this process's environment."""

    brought_up_by = "aws up"

    def __init__(self, project: Project, folder: Path, *, steps: Steps | None = None) -> None:
        super().__init__(project, folder, {}, steps or Steps())
        self.env = environment.inherited(hide_account=False)

    def start(self, *, images: bool) -> None:
        """Check the credentials; with `images`, bring up what building them needs. Raises HarnessError.

        Base images are those that the app names: what runs on AWS does not depend on what a machine can reach.
        """
        with self.steps.step("AWS account"):
            self.steps.say(f"  account {account()}")
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if images and self.project.architecture:
            emulation_for(self.project, engine_for(self.steps), self.steps)
        own = environment.tools(environment.providers("registry"), self.project, self.folder) | environment.fill(
            self.project.environment, cloud="", build_args=None
        )
        self.env = environment.inherited(hide_account=False) | own


def account() -> str:
    """The number of the AWS account that the environment's credentials belong to. Raises HarnessError."""
    # Late: it costs 0.1 s.
    import boto3
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        region = os.environ.get("AWS_REGION") or "us-east-1"
        return str(boto3.client("sts", region_name=region).get_caller_identity()["Account"])
    except (BotoCoreError, ClientError) as error:
        raise HarnessError(
            f"no usable AWS credentials ({error}): set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        ) from None
