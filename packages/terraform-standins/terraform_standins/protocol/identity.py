"""Resource identity: what tells a resource from all others, beside its state (Terraform 1.12, protocol 5.9 and 6.9)."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from . import tfplugin_pb2 as pb
from .codec import decode, encode
from .values import Values

_TEXT = json.dumps("string").encode()


@dataclass(frozen=True)
class Identity:
    """The identity of a type; all its attributes are strings.

    `import_id` makes of an identity the id that a user gives to `terraform import`: by default the only required one.
    """

    required: Sequence[str]
    optional: Sequence[str] = ()
    import_id: Callable[[Mapping[str, Any]], str] | None = field(default=None, compare=False)

    @property
    def names(self) -> Sequence[str]:
        """All attributes."""
        return (*self.required, *self.optional)

    def id_of(self, values: Mapping[str, Any]) -> str:
        """The import id of an identity."""
        return self.import_id(values) if self.import_id else str(values[self.required[0]])

    def to_proto(self) -> pb.ResourceIdentitySchema:
        """The schema as Terraform wants it."""
        return pb.ResourceIdentitySchema(
            identity_attributes=[
                pb.ResourceIdentitySchema.IdentityAttribute(
                    name=name,
                    type=_TEXT,
                    required_for_import=name in self.required,
                    optional_for_import=name in self.optional,
                )
                for name in sorted(self.names)
            ]
        )

    def data(self, values: Mapping[str, Any]) -> pb.ResourceIdentityData:
        """An identity as Terraform wants it; what is empty is null."""
        return pb.ResourceIdentityData(identity_data=encode({name: values.get(name) or None for name in self.names}))


def values_of(data: pb.ResourceIdentityData) -> Values:
    """The identity that Terraform gives; {} where it has none."""
    return decode(data.identity_data) or {}
