"""hashicorp/null."""

from __future__ import annotations

import secrets

from ..protocol.base import DataSource
from ..protocol.values import Values
from . import InState, Utility


def _number() -> str:
    return str(secrets.randbits(63))


class Null(InState):
    type_name = "null_resource"

    def create(self, context: None, planned: Values) -> Values:
        return {"id": _number()}


class NullData(DataSource[None]):
    type_name = "null_data_source"

    def read(self, context: None, config: Values) -> Values:
        default = config["has_computed_default"] or "default"
        return {"id": "static", "random": _number(), "outputs": config["inputs"], "has_computed_default": default}


PROVIDER = Utility("null", Null, NullData)
