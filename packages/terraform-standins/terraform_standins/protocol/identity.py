"""Resource identity: attributes that identify a resource, stored with its state (Terraform 1.12, protocol 5.9, 6.9)."""

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

    `import_id` converts an identity to the id for `terraform import`; the default is the first required attribute.
    """

    required: Sequence[str]
    optional: Sequence[str] = ()
    import_id: Callable[[Mapping[str, Any]], str] | None = field(default=None, compare=False)

    @property
    def names(self) -> Sequence[str]:
        """The names of all attributes."""
        return (*self.required, *self.optional)

    def id_of(self, values: Mapping[str, Any]) -> str:
        """The id for `terraform import` of an identity."""
        return self.import_id(values) if self.import_id else str(values[self.required[0]])

    def to_proto(self) -> pb.ResourceIdentitySchema:
        """The schema in the protocol's form."""
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
        """An identity in the protocol's form; empty values are null."""
        return pb.ResourceIdentityData(identity_data=encode({name: values.get(name) or None for name in self.names}))


def values_of(data: pb.ResourceIdentityData) -> Values:
    """The identity in a request; {} if there is none."""
    return decode(data.identity_data) or {}
