"""JSON schemas as API Gateway reads them: draft 4.

https://docs.aws.amazon.com/apigateway/latest/developerguide/models-mappings-models.html
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_REFERENCE = "#/definitions/{model}"
_LIMITS = {"exclusiveMinimum": "minimum", "exclusiveMaximum": "maximum"}


def schema_of(model: Mapping[str, Any] | type[Any]) -> dict[str, Any]:
    """Return the schema of a body, given as a schema or as a class of pydantic."""
    found = model if isinstance(model, Mapping) else model.model_json_schema(ref_template=_REFERENCE)
    return {"$schema": "http://json-schema.org/draft-04/schema#", **_draft_4(found)}


def _draft_4(schema: Any) -> Any:
    """Return a newer schema as one of draft 4, which has other words for constants and exclusive limits."""
    if isinstance(schema, list):
        return [_draft_4(one) for one in schema]
    if not isinstance(schema, Mapping):
        return schema
    found: dict[str, Any] = {}
    for key, value in schema.items():
        if key == "$defs":
            found["definitions"] = _draft_4(value)
        elif key == "const":
            found["enum"] = [value]
        elif key in _LIMITS and not isinstance(value, bool):
            found |= {_LIMITS[key]: value, key: True}
        else:
            found[key] = _draft_4(value)
    return found
