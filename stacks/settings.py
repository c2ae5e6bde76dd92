"""All settings, in one immutable object.

Values come from `context` in cdktf.json; an environment variable `ONTRA_<NAME>` overrides them.
"""

from __future__ import annotations

import json
import os
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_settings import BaseSettings, InitSettingsSource, NoDecode, PydanticBaseSettingsSource, SettingsConfigDict

PROJECT = Path(__file__).resolve().parent.parent
PREFIX = "ONTRA_"

# The only values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
RETENTION_DAYS = (
    *(1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731),
    *(1096, 1827, 2192, 2557, 2922, 3288, 3653),
)

# What Terraform evaluates begins so; texts it keeps in that form.
_TEMPLATE = re.compile(r"[$%]+(?={)")
_NORMAL = "Unicode's normal form C"


class SettingsError(Exception):
    """A value that is not allowed; the text names the key, the value and what is allowed."""


def _one_of(allowed: tuple[int, ...]) -> Callable[[int], int]:
    def check(value: int) -> int:
        if value not in allowed:
            raise ValueError
        return value

    return check


def _unchanged(text: str) -> str:
    """Refuse text that would not reach Terraform, or a program, unchanged."""
    if "\0" in text or text.encode(errors="ignore") != text.encode(errors="replace"):
        raise ValueError("without zero bytes and halves of characters")
    if not unicodedata.is_normalized("NFC", text):
        raise ValueError(f"in {_NORMAL}")
    return text


def _parsed(value: object) -> object:
    """Parse the JSON in a variable; a value of cdktf.json is parsed already."""
    try:
        return json.loads(value) if isinstance(value, str) else value
    except RecursionError:
        raise ValueError("not nested") from None


Text = Annotated[str, AfterValidator(_unchanged)]


class Settings(BaseSettings):
    """The settings of a deployment. Limits are those of AWS unless a comment says otherwise."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, frozen=True, extra="forbid")

    target: Literal["aws", "local"] = Field("aws", description="where it runs: AWS or the embedded cloud")
    region: str = Field("eu-central-1", pattern=r"^[a-z]{2}(-[a-z]+){1,2}-\d$", description="AWS region")
    # Short enough for every name that contains them (that of an IAM role has at most 64 characters).
    name_prefix: str = Field("ontra", pattern=r"^[a-z][a-z0-9-]{0,23}$", description="begins every name")
    stage: str = Field("prod", pattern=r"^[a-z][a-z0-9-]{0,15}$", description="stage of the API, ends every name")
    route: str = Field("/time", pattern=r"^(/[A-Za-z0-9._-]+)+$", description="path that answers GET")
    architecture: Literal["arm64", "x86_64"] = Field("arm64", description="of the image and the function")
    memory_mb: int = Field(128, ge=128, le=10240, description="memory of the function, MB")
    # API Gateway's own timeout is 29 s.
    timeout_s: int = Field(10, ge=1, le=29, description="time-out of the function, seconds")
    log_retention_days: Annotated[int, AfterValidator(_one_of(RETENTION_DAYS))] = Field(
        14, json_schema_extra={"enum": list(RETENTION_DAYS)}, description="days that logs are kept"
    )
    images_kept: int = Field(10, ge=1, le=1000, description="images kept in the repository")
    build_args: Annotated[
        dict[Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")], Text], NoDecode, BeforeValidator(_parsed)
    ] = Field(
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

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Use arguments first, then the environment, then cdktf.json."""
        return init_settings, env_settings, InitSettingsSource(settings_cls, _context())


def load(**values: Any) -> Settings:
    """Read the settings; `values` override all sources. Raises SettingsError if a value is not allowed."""
    known = {PREFIX + key.upper() for key in Settings.model_fields}
    unknown = sorted(key for key in os.environ if key.startswith(PREFIX) and key not in known)
    if unknown:
        raise SettingsError(_no_such(unknown[0]))
    try:
        settings = Settings(**values)
    except ValidationError as error:
        raise SettingsError("; ".join(_explain(problem) for problem in error.errors())) from None
    if settings.target == "local" and not settings.endpoint:
        raise SettingsError("endpoint: target local needs the embedded cloud's URL; `make local` sets it")
    # It cannot be escaped: Terraform evaluates the path when it reads another stack's state, but not when it writes it.
    folder = str(PROJECT / settings.state_folder)
    if not settings.state_bucket and (_TEMPLATE.search(folder) or not unicodedata.is_normalized("NFC", folder)):
        raise SettingsError(f"state_folder: got {folder!r}, allowed: a path without ${{ and %{{, in {_NORMAL}")
    return settings


def literal(text: str) -> str:
    """Quote `text` for a place where Terraform expects a template.

    Not with `$${`, in which CDKTF would still find its own references.
    """
    return _TEMPLATE.sub(r'${"\g<0>"}', text)


def _context() -> dict[str, Any]:
    """Return the `context` of cdktf.json without CDKTF's own keys, which are in camelCase."""
    try:
        context = json.loads((PROJECT / "cdktf.json").read_text()).get("context", {})
        return {key: value for key, value in context.items() if key.islower()}
    except (OSError, ValueError, AttributeError):
        raise SettingsError("cdktf.json: expected a JSON object whose `context` is an object; fix that file") from None


def _explain(problem: Any) -> str:
    """Describe a problem as `key: got value, allowed: ...`."""
    key = str(problem["loc"][0])
    rule = Settings.model_json_schema()["properties"].get(key)
    if rule is None:
        return _no_such(key)
    if "enum" in rule:
        allowed = "one of " + ", ".join(map(str, rule["enum"]))
    elif "minimum" in rule:
        allowed = f"a whole number from {rule['minimum']} to {rule['maximum']}"
    elif "pattern" in rule:
        allowed = f"text like {rule.get('examples', [rule['default']])[0]!r} ({rule['pattern']})"
    else:
        allowed = f"a JSON object of names and texts like {rule['examples'][0]}"
    if "error" in problem.get("ctx", {}):
        allowed = ", ".join(filter(None, (allowed, str(problem["ctx"]["error"]))))
    return f"{key}: got {problem['input']!r}, allowed: {allowed} (in cdktf.json or {PREFIX}{key.upper()})"


def _no_such(key: str) -> str:
    return f"{key}: no such setting; there are {', '.join(Settings.model_fields)}"
