"""Tags: which ones are visible, and the calls that list and change them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ..protocol.plan import Change
from ..protocol.values import UNKNOWN, is_known
from .cloud import Settings

Tags = dict[str, str]
_LISTINGS = ("list_tags_for_resource", "list_tags", "list_resource_tags", "list_tags_of_resource")


def as_list(tags: Mapping[str, str] | None, names: Sequence[str] = ("Key", "Value")) -> list[dict[str, str]]:
    """[{Key: ..., Value: ...}], the form of most services."""
    return [dict(zip(names, tag, strict=True)) for tag in (tags or {}).items()]


def from_list(tags: list[dict[str, str]]) -> Tags:
    """The inverse of `as_list`, whatever the names of the parts are."""

    def part(tag: dict[str, str], name: str) -> str:
        return next((value for key, value in tag.items() if key.lower().endswith(name)), "")

    return {part(tag, "key"): part(tag, "value") for tag in tags}


def visible(settings: Settings, tags: Mapping[str, str]) -> Tags:
    """Without AWS's own tags and those that the provider's configuration ignores."""
    hidden = ("aws:", *settings.ignore_tag_prefixes)
    return {k: v for k, v in tags.items() if not k.startswith(hidden) and k not in settings.ignore_tags}


def all_tags(settings: Settings, change: Change) -> Any:
    """The planned `tags_all`, as SetTagsDiff in the provider's internal/verify/diff.go."""
    tags = change.planned.get("tags")
    if tags is UNKNOWN or not is_known(tags or {}):
        return UNKNOWN
    merged = visible(settings, {**settings.default_tags, **(tags or {})})
    prior = None if change.prior is None else change.prior.get("tags_all")
    if merged or (change.prior is not None and not prior):
        return merged or prior
    return UNKNOWN


@dataclass(frozen=True)
class Tagging:
    """The calls for the tags of a resource. botocore's model has the names of their parameters."""

    of: str = "arn"
    """The attribute that identifies the resource in these calls."""
    listing: str = ""
    """The call that lists tags; "": the first that the service has of those with a usual name."""
    tag: str = "tag_resource"
    untag: str = "untag_resource"
    more: Mapping[str, str] = field(default_factory=dict)
    """Further parameters of these calls."""

    def read(self, client: Any, state: Mapping[str, Any]) -> Tags:
        """The tags of the resource."""
        listing = self.listing or next(name for name in _LISTINGS if hasattr(client, name))
        answer = getattr(client, listing)(**self._who(client, listing, state))
        tags = next((value for member, value in answer.items() if _is_tags(member)), None) or {}
        for inner in ("Tags", "TagList", "Items"):
            tags = tags[inner] if isinstance(tags, dict) and isinstance(tags.get(inner), list) else tags
        if isinstance(tags, list) and tags:
            tags = next((tags[0][inner] for inner in ("Tags", "TagsList") if inner in tags[0]), tags)
        return from_list(tags) if isinstance(tags, list) else dict(tags)

    def change(self, client: Any, state: Mapping[str, Any], old: Tags, new: Tags) -> None:
        """Change the resource's tags from `old` to `new`; no call if they are equal."""
        if removed := [key for key in old if key not in new]:
            self._call(client, self.untag, state, removed)
        if added := {key: value for key, value in new.items() if old.get(key) != value}:
            self._call(client, self.tag, state, added)

    def _call(self, client: Any, method: str, state: Mapping[str, Any], tags: Any) -> None:
        members = _input(client, method).members
        # A call that adds and removes has two.
        member = sorted(filter(_is_tags, members))[-1 if isinstance(tags, list) else 0]
        shape = getattr(members[member], "members", {}).get("Items")
        names = tuple(getattr(getattr(shape or members[member], "member", None), "members", ()))
        if isinstance(tags, dict):
            value: Any = as_list(tags, names) if names else tags
        else:
            value = [{names[0]: key} for key in tags] if names else tags
        value = {"Items": value} if shape else value
        getattr(client, method)(**self._who(client, method, state), **{member: value})

    def _who(self, client: Any, method: str, state: Mapping[str, Any]) -> dict[str, Any]:
        shape = _input(client, method)
        named = [member for member in shape.members if member.lower().endswith(self.of)]
        required = [member for member in shape.required_members if not _is_tags(member)] or named
        (member,) = (member for member in required if member not in self.more)
        several = shape.members[member].type_name == "list"
        return {member: [state[self.of]] if several else state[self.of], **self.more}


def _input(client: Any, method: str) -> Any:
    return client.meta.service_model.operation_model(client.meta.method_to_api_mapping[method]).input_shape


def _is_tags(member: str) -> bool:
    return "tag" in member.lower()
