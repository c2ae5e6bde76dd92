"""Any configuration of any bundled type is planned or refused with a message, never with a Python exception."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from terraform_standins.aws.provider import AwsProvider
from terraform_standins.docker.provider import DockerProvider
from terraform_standins.protocol import tfplugin_pb2 as pb
from terraform_standins.protocol.base import Resource
from terraform_standins.protocol.codec import decode, encode
from terraform_standins.protocol.diagnostics import DiagnosticError
from terraform_standins.protocol.provider_base import Provider
from terraform_standins.protocol.schema import Block
from terraform_standins.protocol.servicer import Servicer
from terraform_standins.protocol.values import Values, without_unknown

from .values import TEXT, configs

PROVIDERS: tuple[Provider[Any], ...] = (AwsProvider(), DockerProvider())
TYPES = [
    (provider, type_)
    for provider in PROVIDERS
    for type_ in provider.types
    if issubclass(type_, Resource) or not hasattr(type_, "open")
]
# Without Phase.explain, which takes minutes here.
PHASES = [Phase.explicit, Phase.generate, Phase.shrink]
# Strings with a meaning to some type.
MEANT = st.sampled_from(["", "{}", "[]", '{"a": []}', "null", "1", "a", "a/b", "*", "${x}", "arn:aws:iam::0:role/a"])


@st.composite
def written(draw: st.DrawFn, block: Block, supported: frozenset[str]) -> Values:
    """A configuration that sets a few supported arguments."""

    def taken(name: str) -> bool:
        return name in supported and draw(st.integers(0, 2)) > 0

    # Only these: to draw the others takes most of the time.
    attributes = {name: each for name, each in block.attributes.items() if each.required or taken(name)}
    part = Block(attributes=attributes, blocks={name: each for name, each in block.blocks.items() if taken(name)})
    config = block.conform(draw(configs(part, unknown=True)))
    return {name: draw(TEXT | MEANT) if isinstance(value, str) else value for name, value in config.items()}


@pytest.mark.hypothesis
@pytest.mark.parametrize(("provider", "type_"), TYPES, ids=lambda value: getattr(value, "type_name", ""))
def test_any_configuration_is_planned_or_refused(provider: Provider[Any], type_: Any) -> None:
    """Plan it as a new resource, and as a change of an existing one."""
    servicer, block = Servicer(provider), type_.load_schema().block
    configuration = written(block, frozenset(name.partition(".")[0] for name in type_().supported))

    @settings(max_examples=3, suppress_health_check=list(HealthCheck), phases=PHASES)
    @given(configuration, configuration)
    def attempt(config: Values, other: Values) -> None:
        valid = [validate(servicer, type_, written) for written in (config, other)]
        if valid[0] and issubclass(type_, Resource):
            prior = plan(servicer, type_.type_name, None, config)
            if valid[1] and prior is not None:
                known = block.conform(without_unknown(prior))
                plan(servicer, type_.type_name, known, other)

    attempt()


def validate(servicer: Servicer[Any], type_: Any, config: Values) -> bool:
    """Whether `validate` accepts a configuration; Terraform calls it before a plan."""
    request = pb.TypeConfigRequest(type_name=type_.type_name, config=encode(config))
    answer = servicer.validate("resource" if issubclass(type_, Resource) else "data", request)
    return all(diagnostic.severity != pb.Diagnostic.ERROR for diagnostic in answer.diagnostics)


def plan(servicer: Servicer[Any], name: str, prior: Values | None, config: Values) -> Values | None:
    """Plan a configuration; None if it is refused."""
    request = pb.PlanRequest(
        type_name=name, prior_state=encode(prior), proposed_new_state=encode(config), config=encode(config)
    )
    try:
        planned: Values | None = decode(servicer.plan(request).planned_state)
    except DiagnosticError:
        return None
    return planned
