"""What all AWS types have in common: tags, region, AWS's errors in the provider's words."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, ClassVar

from ..protocol.plan import Change
from ..protocol.values import UNKNOWN, Values, is_known, same
from ..resource import DataSource, NotFoundError, Resource, Type
from .cloud import Aws
from .messages import aws_message as aws_message
from .messages import error_code as error_code
from .tags import Tagging, visible

REGIONAL, GLOBAL = ("account_id", "region"), ("account_id",)
"""What an identity has besides its own: where the resource is."""
_TAGS = ("tags", "tags_all")


class AwsType(Type[Aws]):
    """Anything of AWS's."""

    service: ClassVar[str] = ""
    """botocore's name of the service, for `self.client`."""

    def client(self, aws: Aws) -> Any:
        """The service's client."""
        return aws.client(self.service)

    def explain(self, error: Exception, doing: str, values: Values) -> str:
        """As the provider says it: `creating ECR Repository (x): operation error ECR: ...`."""
        return super().explain(AwsError(aws_message(error, self.service)), doing, values)


class AwsError(Exception):
    """An error of AWS's, in the words of the SDK for Go."""


class AwsData(AwsType, DataSource[Aws]):
    """A data source of AWS's."""


class AwsResource(AwsType, Resource[Aws]):
    """A managed resource of AWS's.

    `read` returns all tags under `tags`; they are told apart from the provider's default tags here.
    `create` tags with `planned["tags_all"]`; a change of tags alone calls `tagging` and not `update`.
    """

    tagging: ClassVar[Tagging | None] = None
    gone: ClassVar[Collection[str]] = ()
    """Codes of AWS's errors that say that the resource is not there."""
    regional: ClassVar[bool] = True

    def customise(self, aws: Aws, change: Change) -> None:
        """Fill in region and tags_all, as the provider does for every type."""
        if self.regional:
            configured = change.config.get("region")
            change.planned["region"] = aws.region if configured is None else configured
            if change.prior and change.prior.get("region") not in (None, change.planned["region"]):
                change.force_new("region")
        if self.tagging is not None:
            change.planned["tags_all"] = _all_tags(aws, change)

    def refresh(self, aws: Aws, state: Values) -> Values | None:
        """`read`, with what is not there told by its error, and tags and region sorted out."""
        try:
            answer = self.read(aws, state)
        except Exception as error:
            if error_code(error) in self.gone:
                return None
            raise
        if answer is not None and self.tagging is not None and "tags" in answer:
            everything = visible(aws.settings, answer["tags"] or {})
            configured, default = state.get("tags") or {}, aws.settings.default_tags
            answer["tags_all"] = everything
            answer["tags"] = {k: v for k, v in everything.items() if default.get(k) != v or configured.get(k) == v}
        return answer if answer is None or not self.regional else {**answer, "region": aws.region}

    def modify(self, aws: Aws, prior: Values, planned: Values) -> Values | None:
        """`update` for what is no tag, then the tags."""
        answer = None
        if any(not same(prior[key], planned[key]) for key in planned if key not in _TAGS):
            answer = self.update(aws, prior, planned)
        if self.tagging is not None:
            self.tagging.change(aws, prior, prior["tags_all"] or {}, planned["tags_all"] or {})
        return answer

    def delete(self, aws: Aws, state: Values) -> None:
        """`remove`; that it is not there any more is as good."""
        try:
            self.remove(aws, state)
        except Exception as error:
            if error_code(error) in self.gone:
                raise NotFoundError from error
            raise

    def remove(self, aws: Aws, state: Values) -> None:
        """Delete it."""
        raise NotImplementedError

    def import_state(self, aws: Aws, import_id: str) -> Values:
        """The id that the user gives; `ID@REGION` for another region than the provider's."""
        found, separator, region = import_id.rpartition("@") if self.regional else (import_id, "", "")
        found, region = (found, region) if separator else (import_id, aws.region)
        return {**self.from_import_id(found), **({"region": region} if self.regional else {})}

    def identify(self, aws: Aws, state: Values) -> Values:
        """With account and region, which the types themselves do not keep."""
        return {**state, "account_id": aws.account_id_or_none, "region": aws.region}

    def import_identity(self, aws: Aws, identity: Values) -> Values:
        """By the import id that an identity amounts to, in its region."""
        assert self.identity is not None
        region = identity.get("region")
        return self.import_state(aws, self.identity.id_of(identity) + (f"@{region}" if region else ""))

    def from_import_id(self, import_id: str) -> Values:
        """What `read` needs, from the real provider's import id."""
        return {"id": import_id}


def _all_tags(aws: Aws, change: Change) -> Any:
    # Source: SetTagsDiff in the provider's internal/verify/diff.go.
    tags = change.planned.get("tags")
    if tags is UNKNOWN or not is_known(tags or {}):
        return UNKNOWN
    merged = visible(aws.settings, {**aws.settings.default_tags, **(tags or {})})
    prior = None if change.prior is None else change.prior.get("tags_all")
    if merged or (change.prior is not None and not prior):
        return merged or prior
    return UNKNOWN
