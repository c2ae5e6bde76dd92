"""Types of settings."""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import from_json

from cdktf_lambda_api import is_normal

# The only values that CloudWatch Logs accepts (PutRetentionPolicy, retentionInDays).
RETENTION = (1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653)


def _retention(days: int) -> int:
    if days not in RETENTION:
        raise ValueError(f"Input should be one of {', '.join(map(str, RETENTION))}")
    return days


def _normal(text: str) -> str:
    if not is_normal(text):
        raise ValueError("Input should be in Unicode's normal form C")
    return text


def _parsed(value: object) -> object:
    """Parse the JSON in a variable; a value of cdktf.json is parsed already."""
    try:
        return from_json(value) if isinstance(value, str) else value
    except ValueError as error:
        raise ValueError(f"Input should be a JSON object: {error}") from None


RetentionDays = Annotated[int, AfterValidator(_retention)]
_Name = Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
# No program takes a zero byte in an argument.
_Value = Annotated[str, Field(pattern=r"^[^\x00]*$"), AfterValidator(_normal)]
BuildArguments = Annotated[dict[_Name, _Value], BeforeValidator(_parsed)]
