"""The servicer of a provider, for both versions of the protocol.

Its methods are those of Terraform's plugin protocol (docs/plugin-protocol); `rpc` has their names in each version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from contextlib import suppress
from typing import Generic, TypeVar, cast

from . import tfplugin_pb2 as pb
from .base import DataSource, EphemeralResource, NotFoundError, PartlyCreatedError, Resource
from .codec import decode, encode
from .diagnostics import Diagnostic, DiagnosticError, attribute_path
from .failures import failure, reported
from .identity import values_of
from .offered import Offered
from .plan import Planner
from .provider_base import Provider
from .schema import Schema
from .state import merge, settle
from .validate import check, unsupported
from .values import Values, without_unknown

C = TypeVar("C")


class Servicer(Generic[C]):
    """Answers Terraform's requests for one provider."""

    def __init__(self, provider: Provider[C]) -> None:
        self._provider = provider
        self._offered = Offered(provider)

    def get_schema(self, _request: pb.Empty) -> pb.GetSchemaResponse:
        """The schemas of the provider and its types."""
        return self._offered.schemas

    def get_identity_schemas(self, _request: pb.Empty) -> pb.GetIdentitySchemasResponse:
        """The schemas of the types that have an identity."""
        return self._offered.identity_schemas

    def upgrade_identity(self, request: pb.UpgradeIdentityRequest) -> pb.UpgradeIdentityResponse:
        """The stored identity unchanged: each identity has only one version."""
        resource, _ = self._offered.resource(request.type_name)
        assert resource.identity is not None
        stored = resource.identity.data(json.loads(request.raw_identity.json))
        return pb.UpgradeIdentityResponse(upgraded_identity=stored)

    def _identity(self, resource: Resource[C], state: Values | None) -> pb.ResourceIdentityData | None:
        if resource.identity is None or state is None:
            return None
        return resource.identity.data(resource.identify(self._provider.context(state), state))

    def prepare_provider(self, request: pb.ProviderConfigRequest) -> pb.PrepareProviderConfigResponse:
        """Check the provider's configuration."""
        config, schema = decode(request.config), self._provider.load_schema()
        owner, advice = f"provider {self._provider.name}", self._provider.advice("")
        refused = unsupported(schema.block, self._provider.arguments, config, owner, advice)
        found = [*refused, *check(schema.block, config)]
        return pb.PrepareProviderConfigResponse(prepared_config=request.config, diagnostics=_protos(found))

    def configure(self, request: pb.ConfigureRequest) -> pb.DiagnosticsResponse:
        """Configure the provider."""
        self._provider.configure(without_unknown(decode(request.config)))
        return pb.DiagnosticsResponse()

    def validate(self, kind: str, request: pb.TypeConfigRequest) -> pb.DiagnosticsResponse:
        """Check the configuration of a type."""
        type_, schema = self._offered.find(kind, request.type_name)
        config = decode(request.config)
        advice = self._provider.advice(request.type_name)
        refused = unsupported(schema.block, type_.supported, config, request.type_name, advice)
        found = [*refused, *check(schema.block, config), *map(Diagnostic, type_.validate(config))]
        return pb.DiagnosticsResponse(diagnostics=_protos(found))

    def upgrade_state(self, request: pb.UpgradeStateRequest) -> pb.UpgradeStateResponse:
        """Conform the stored state to the schema: missing attributes are null, unknown ones are removed."""
        _, schema = self._offered.resource(request.type_name)
        state = schema.block.conform(json.loads(request.raw_state.json))
        return pb.UpgradeStateResponse(upgraded_state=encode(state))

    def plan(self, request: pb.PlanRequest) -> pb.PlanResponse:
        """Plan a change."""
        resource, schema = self._offered.resource(request.type_name)
        proposed = decode(request.proposed_new_state)
        if proposed is None:
            return pb.PlanResponse(planned_state=request.proposed_new_state, legacy_type_system=True)
        change = Planner(schema.block, resource.normalise, resource.suppress).plan(
            decode(request.prior_state), decode(request.config)
        )
        resource.customise(self._provider.context(change.planned), change)
        return pb.PlanResponse(
            planned_state=encode(schema.block.conform(change.planned)),
            requires_replace=[attribute_path(path) for path in change.replace],
            legacy_type_system=True,
            planned_identity=request.prior_identity if request.HasField("prior_identity") else None,
        )

    def read(self, request: pb.ReadResourceRequest) -> pb.ReadResourceResponse:
        """Read a resource."""
        resource, schema = self._offered.resource(request.type_name)
        state = decode(request.current_state)
        answer = self._refresh(resource, state)
        new = None if answer is None else merge(schema.block, state, answer)
        return pb.ReadResourceResponse(new_state=encode(new), new_identity=self._identity(resource, new))

    def _refresh(self, resource: Resource[C], state: Values) -> Values | None:
        found = None
        with reported(resource, "reading", state), suppress(NotFoundError):
            found = resource.refresh(self._provider.context(state), state)
        return found

    def apply(self, request: pb.ApplyRequest) -> pb.ApplyResponse:
        """Create, update or delete."""
        resource, schema = self._offered.resource(request.type_name)
        prior, plan = decode(request.prior_state), decode(request.planned_state)
        planned = without_unknown(plan)
        doing = "creating" if prior is None else "deleting" if planned is None else "updating"
        state = prior
        try:
            context = self._provider.context(planned or prior)
            if planned is None:
                with suppress(NotFoundError):
                    resource.delete(context, prior)
                state = None
            else:
                config = decode(request.config)
                for name in resource.as_written:
                    if prior is None or prior[name] != planned[name]:
                        planned[name] = config[name]
                for name in schema.block.write_only:
                    # No plan and no state have it; its version tells that it has changed.
                    if prior is None or prior.get(f"{name}_version") != planned.get(f"{name}_version"):
                        planned[name] = config[name]
                answer = (
                    resource.create(context, planned) if prior is None else resource.modify(context, prior, planned)
                )
                # The resource exists now: an error below must keep it in the state.
                state = merge(schema.block, planned, answer or {})
                if prior is not None or resource.read_after_create:
                    current = self._refresh(resource, state)
                    if current is None:
                        raise NotFoundError("couldn't find resource")
                    state = settle(schema.block, merge(schema.block, state, current), plan)
            found: Iterable[Diagnostic] = ()
        except DiagnosticError as error:
            found = error.diagnostics
        except PartlyCreatedError as error:
            state = merge(schema.block, planned, error.values)
            found = [failure(resource, error.cause, doing, planned)]
        except Exception as error:
            found = [failure(resource, error, doing, planned or prior)]
        return pb.ApplyResponse(
            new_state=encode(state),
            diagnostics=_protos(found),
            legacy_type_system=True,
            new_identity=self._identity(resource, state),
        )

    def import_state(self, request: pb.ImportRequest) -> pb.ImportResponse:
        """Import a resource; Terraform completes its state with a read."""
        resource, schema = self._offered.resource(request.type_name)
        context, identity = self._provider.context({}), values_of(request.identity)
        values = resource.import_identity(context, identity) if identity else resource.import_state(context, request.id)
        state = schema.block.conform(values)
        found = self._identity(resource, state) if identity else None
        return pb.ImportResponse(
            imported_resources=[pb.ImportedResource(type_name=request.type_name, state=encode(state), identity=found)]
        )

    def read_data(self, request: pb.TypeConfigRequest) -> pb.ReadDataSourceResponse:
        """Read a data source."""
        source, schema = cast("tuple[DataSource[C], Schema]", self._offered.find("data", request.type_name))
        config = without_unknown(Planner(schema.block).plan(None, decode(request.config)).planned)
        config = merge(schema.block, config, {})
        with reported(source, "reading", config):
            answer = source.read(self._provider.context(config), config)
        return pb.ReadDataSourceResponse(state=encode(merge(schema.block, config, answer)))

    def open_ephemeral(self, request: pb.TypeConfigRequest) -> pb.OpenEphemeralResponse:
        """Open an ephemeral resource."""
        source, schema = cast("tuple[EphemeralResource[C], Schema]", self._offered.find("ephemeral", request.type_name))
        config = decode(request.config)
        with reported(source, "opening", config):
            answer = source.open(self._provider.context(config), config)
        return pb.OpenEphemeralResponse(result=encode(schema.block.conform({**config, **answer})))


def _protos(diagnostics: Iterable[Diagnostic]) -> list[pb.Diagnostic]:
    return [d.to_proto() for d in diagnostics]
