"""Tags: the provider's default ones merged in, and how each service wants them written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .cloud import Aws, Settings

Tags = dict[str, str]


def as_list(tags: Mapping[str, str] | None, key: str = "Key", value: str = "Value") -> list[dict[str, str]]:
    """[{Key: ..., Value: ...}], as most services want tags."""
    return [{key: k, value: v} for k, v in (tags or {}).items()]


def from_list(tags: list[dict[str, str]], key: str = "Key", value: str = "Value") -> Tags:
    """The opposite of `as_list`."""
    return {tag[key]: tag.get(value, "") for tag in tags}


def visible(settings: Settings, tags: Mapping[str, str]) -> Tags:
    """Without AWS's own tags and those that the provider is told to ignore."""
    hidden = ("aws:", *settings.ignore_tag_prefixes)
    return {k: v for k, v in tags.items() if not k.startswith(hidden) and k not in settings.ignore_tags}


@dataclass(frozen=True)
class Tagging:
    """How a service's tags are changed: the calls, and what they call the resource and the tags."""

    service: str
    resource: str
    attribute: str = "arn"
    tag: str = "tag_resource"
    untag: str = "untag_resource"
    tags: str = "tags"
    keys: str = "tagKeys"
    listed: bool = False

    def change(self, aws: Aws, state: Mapping[str, Any], old: Mapping[str, str], new: Mapping[str, str]) -> None:
        """Make the resource's tags go from `old` to `new`; calls nothing when they are equal."""
        client = aws.client(self.service)
        who = {self.resource: state[self.attribute]}
        removed = [key for key in old if key not in new]
        added = {key: value for key, value in new.items() if old.get(key) != value}
        if removed:
            getattr(client, self.untag)(**who, **{self.keys: removed})
        if added:
            getattr(client, self.tag)(**who, **{self.tags: as_list(added) if self.listed else added})


ECR = Tagging("ecr", "resourceArn", listed=True)
LOGS = Tagging("logs", "resourceArn")
LAMBDA = Tagging("lambda", "Resource", tags="Tags", keys="TagKeys")
API_GATEWAY = Tagging("apigateway", "resourceArn")
IAM_ROLE = Tagging(
    "iam", "RoleName", "name", tag="tag_role", untag="untag_role", tags="Tags", keys="TagKeys", listed=True
)
