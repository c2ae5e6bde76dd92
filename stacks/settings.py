"""All settings, in one immutable object.

Values come from `context` in cdktf.json. Those in `stages/<stage>.json` override them, and environment variables
`ONTRA_<NAME>` override both. A stage without a file has the values of the default one.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import ErrorDetails

from cdktf_lambda_api import TEMPLATE, is_normal
from stacks.values import BuildArguments, RetentionDays

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "ONTRA_"
STAGE = r"^[a-z][a-z0-9-]{0,15}$"


class SettingsError(Exception):
    """A value that is not allowed; the text names the key, the value and what is allowed."""


class Settings(BaseModel, frozen=True, extra="forbid"):
    """The settings of a deployment. Limits are those of AWS unless a comment says otherwise."""

    target: Literal["aws", "local"] = Field("aws", description="where it runs: AWS or the embedded cloud")
    region: str = Field("eu-central-1", pattern=r"^[a-z]{2}(-[a-z]+){1,2}-\d$", description="AWS region")
    # Short enough for every name that contains them (that of an IAM role has at most 64 characters).
    account: str = Field(
        "", pattern=r"^(\d{12})?$", examples=["123456789012"], description="the only AWS account; empty: any"
    )
    name_prefix: str = Field("ontra", pattern=r"^[a-z][a-z0-9-]{0,23}$", description="begins every name")
    stage: str = Field("dev", pattern=STAGE, description="stage of the API, ends every name")
    protected: bool = Field(False, description="keep images, logs and the URL: refuse to delete or replace them")
    destroy: str = Field("", description="name of the deployment, such as `ontra-prod`: lifts its protection")
    route: str = Field("/time", pattern=r"^(/[A-Za-z0-9._-]+)+$", description="path that answers GET")
    architecture: Literal["arm64", "x86_64"] = Field("arm64", description="of the image and the function")
    memory_mb: int = Field(128, ge=128, le=10240, description="memory of the function, MB")
    # API Gateway's own timeout is 29 s.
    timeout_s: int = Field(10, ge=1, le=29, description="time-out of the function, seconds")
    # API Gateway's limits of an account are 10,000 and 5,000 by default.
    rate_limit: int = Field(100, ge=1, le=10000, description="requests a second that the API takes; more get 429")
    burst_limit: int = Field(200, ge=1, le=5000, description="requests at once that the API takes")
    reserved_concurrency: int = Field(
        -1, ge=-1, le=100000, description="calls at once that only this function may use; -1: none are reserved"
    )
    api_key: bool = Field(False, description="answer only requests with an API key (`x-api-key`)")
    web_acl_arn: str = Field(
        "",
        pattern=r"^(arn:aws[a-z-]*:wafv2:[a-z0-9-]+:\d{12}:regional/webacl/[A-Za-z0-9_-]+/[a-f0-9-]+)?$",
        examples=["arn:aws:wafv2:eu-central-1:123456789012:regional/webacl/name/0a1b"],
        description="AWS WAF's web ACL for the API; empty: none",
    )
    permissions_boundary: str = Field(
        "",
        pattern=r"^(arn:aws[a-z-]*:iam::\d{12}:policy/[A-Za-z0-9+=,.@_/-]+)?$",
        examples=["arn:aws:iam::123456789012:policy/roles-of-ontra"],
        description="IAM policy that limits the roles which are made; empty: none",
    )
    monitoring: bool = Field(False, description="alarms, dashboard, access logs, saved queries, traces")
    alarm_email: str = Field(
        "",
        # Without what begins a template of Terraform, which no address has.
        pattern=r"^([A-Za-z0-9.!#&'*+/=?^_|~-]+@[A-Za-z0-9.-]+)?$",
        examples=["ops@example.com"],
        description="address that alarms are sent to; empty: none",
    )
    alarm_latency_ms: int = Field(3000, ge=1, le=29000, description="p99 of the API's latency that raises an alarm, ms")
    api_gateway_role: bool = Field(
        False, description="manage API Gateway's role for logs, which an account has once in a region"
    )
    log_retention_days: RetentionDays = Field(14, description="days that logs are kept")
    images_kept: int = Field(10, ge=1, le=1000, description="images kept in the repository")
    image_digest: str = Field(
        "",
        pattern=r"^(sha256:[0-9a-f]{64})?$",
        examples=["sha256:4f5e..."],
        description="image to run; empty: that of the source",
    )
    signing_key: str = Field(
        "",
        pattern=r"^(arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:key/[A-Za-z0-9-]+)?$",
        examples=["arn:aws:kms:eu-central-1:123456789012:key/1234abcd-12ab-34cd-56ef-1234567890ab"],
        description="KMS key that signs images; only what it has signed is deployed; empty: none",
    )
    canary: float = Field(0, ge=0, lt=1, description="share of the calls that a new version gets at first; 0: all")
    canary_minutes: int = Field(15, ge=0, le=1440, description="minutes without an alarm before it gets all calls")
    main_version: str = Field(
        "",
        pattern=r"^([1-9]\d*)?$",
        examples=["7"],
        description="version that keeps the calls that a canary does not get; empty: none",
    )
    commit: str = Field(
        "",
        pattern=r"^([0-9a-f]{7,40}(-dirty)?)?$",
        examples=["3fa9c1d"],
        description="commit of the source, for the image's tag; empty: that of the checkout",
    )
    build_args: BuildArguments = Field(
        {},
        examples=['{"FUNCTION_BASE": "debian:13"}'],
        description="build arguments of the image, such as other bases",
    )
    state_bucket: str = Field(
        "",
        pattern=r"^([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])?$",
        examples=["my-states"],
        description="S3 bucket of Terraform's state; empty: files in state_folder",
    )
    state_folder: str = Field(
        "",
        pattern=r"^[^\x00-\x1f\x7f]*$",
        examples=[".ontra/state"],
        description="folder of Terraform's state files; empty: the project's",
    )
    # Only on this machine: a local deployment must not reach another cloud.
    endpoint: str = Field(
        "",
        pattern=r"^(https?://(localhost|127\.0\.0\.1|\[::1\])(:[0-9]{1,5})?)?$",
        examples=["http://localhost:4566"],
        description="URL of the embedded cloud (target local)",
    )

    @property
    def name(self) -> str:
        """The name of every resource of this deployment, or its prefix."""
        return f"{self.name_prefix}-{self.stage}"

    @property
    def keeps(self) -> bool:
        """Whether the deployment is protected, and the protection was not lifted."""
        return self.protected and self.destroy != self.name


def load(**values: Any) -> Settings:
    """Read the settings; `values` override all sources. Raises SettingsError if a value is not allowed."""
    variables = {key.removeprefix(PREFIX).lower(): text for key, text in os.environ.items() if key.startswith(PREFIX)}
    try:
        settings = Settings.model_validate({**_files({**variables, **values}), **variables, **values})
    except ValidationError as error:
        raise SettingsError("; ".join(map(_explain, error.errors()))) from None
    if settings.target == "local" and not settings.endpoint:
        raise SettingsError("endpoint: target local needs the embedded cloud's URL; `make local` sets it")
    if settings.alarm_email and not settings.monitoring:
        raise SettingsError(
            "alarm_email: needs the alarms of `monitoring`; set `monitoring` to true, or remove `alarm_email`"
        )
    if settings.destroy not in ("", settings.name):
        raise SettingsError(
            f"destroy: got {settings.destroy!r}. It should be {settings.name!r}, this deployment's name"
        )
    # It cannot be escaped: Terraform evaluates the path when it reads another stack's state, but not when it writes it.
    folder = str(PROJECT / settings.state_folder)
    if not settings.state_bucket and (TEMPLATE.search(folder) or not is_normal(folder)):
        raise SettingsError(
            f"state_folder: got {folder!r}. Path should be without ${{ and %{{, in Unicode's normal form C"
        )
    return settings


def _files(given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the settings in files for the stage that `given`, or else `context`, names."""
    context = _context()
    default = context.get("stage", Settings.model_fields["stage"].default)
    stage = given.get("stage", default)
    # Another name is refused with the settings.
    names = [name for name in (stage, default) if isinstance(name, str) and re.search(STAGE, name)]
    files = [PROJECT / "stages" / f"{name}.json" for name in names]
    own = next((_object(file) for file in files if file.exists()), {})
    return {**context, **own, "stage": stage}


def _context() -> dict[str, Any]:
    """Return the `context` of cdktf.json without CDKTF's own keys, which are in camelCase."""
    context = _object(PROJECT / "cdktf.json").get("context", {})
    if not isinstance(context, dict):
        raise SettingsError("cdktf.json: expected a JSON object whose `context` is an object; fix that file")
    return {key: value for key, value in context.items() if key.islower()}


def _object(file: Path) -> dict[str, Any]:
    try:
        content = json.loads(file.read_text())
    except (OSError, ValueError):
        content = None
    if not isinstance(content, dict):
        raise SettingsError(f"{file.relative_to(PROJECT)}: expected a JSON object; fix that file")
    return content


def _explain(problem: ErrorDetails) -> str:
    key = str(problem["loc"][0])
    field = Settings.model_fields.get(key)
    if field is None:
        return f"{key}: no such setting; there are {', '.join(Settings.model_fields)}"
    allowed = problem["msg"].removeprefix("Value error, ")
    example = (field.examples or [field.default])[0]
    where = f"in cdktf.json, the stage's file or {PREFIX}{key.upper()}"
    return f"{key}: got {problem['input']!r}. {allowed}; for example {example!r} ({where})"
