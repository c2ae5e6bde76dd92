"""Tags: the provider's default ones merged in, and the calls that list and change them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from .cloud import Settings

Tags = dict[str, str]


def as_list(tags: Mapping[str, str] | None) -> list[dict[str, str]]:
    """[{Key: ..., Value: ...}], as most services want tags."""
    return [{"Key": key, "Value": value} for key, value in (tags or {}).items()]


def from_list(tags: list[dict[str, str]]) -> Tags:
    """The opposite of `as_list`."""
    return {tag["Key"]: tag.get("Value", "") for tag in tags}


def visible(settings: Settings, tags: Mapping[str, str]) -> Tags:
    """Without AWS's own tags and those that the provider is told to ignore."""
    hidden = ("aws:", *settings.ignore_tag_prefixes)
    return {k: v for k, v in tags.items() if not k.startswith(hidden) and k not in settings.ignore_tags}


@dataclass(frozen=True)
class Tagging:
    """The calls for the tags of a resource. How they call it and the tags is in botocore's model."""

    of: str = "arn"
    """The attribute by which they know the resource."""
    listing: str = "list_tags_for_resource"
    tag: str = "tag_resource"
    untag: str = "untag_resource"
    more: Mapping[str, str] = field(default_factory=dict)
    """What else they want."""

    def read(self, client: Any, state: Mapping[str, Any]) -> Tags:
        """The tags that it has."""
        answer = getattr(client, self.listing)(**self._who(client, self.listing, state))
        tags = next((value for member, value in answer.items() if _is_tags(member)), None) or {}
        return from_list(tags) if isinstance(tags, list) else dict(tags)

    def change(self, client: Any, state: Mapping[str, Any], old: Tags, new: Tags) -> None:
        """Make the resource's tags go from `old` to `new`; calls nothing when they are equal."""
        if removed := [key for key in old if key not in new]:
            self._call(client, self.untag, state, removed)
        if added := {key: value for key, value in new.items() if old.get(key) != value}:
            self._call(client, self.tag, state, added)

    def _call(self, client: Any, method: str, state: Mapping[str, Any], tags: Any) -> None:
        members = _input(client, method).members
        (member,) = filter(_is_tags, members)
        listed = isinstance(tags, dict) and members[member].type_name == "list"
        getattr(client, method)(**self._who(client, method, state), **{member: as_list(tags) if listed else tags})

    def _who(self, client: Any, method: str, state: Mapping[str, Any]) -> dict[str, Any]:
        required = _input(client, method).required_members
        (member,) = (member for member in required if not _is_tags(member) and member not in self.more)
        return {member: state[self.of], **self.more}


def _input(client: Any, method: str) -> Any:
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape


def _is_tags(member: str) -> bool:
    return "tag" in member.lower()
