"""The gRPC methods of both versions of the protocol."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from typing import Any, NamedTuple

import grpc

from terraform_standins.errors import StandInError

from . import tfplugin_pb2 as pb
from .diagnostics import Diagnostic, DiagnosticError
from .servicer import Servicer

Handler = Callable[[Any], Any]


class Call(NamedTuple):
    """One method of the protocol; `name_6` is its name in version 6 if that differs from version 5."""

    name_5: str
    method: Handler
    request: type[Any]
    response: type[Any]
    name_6: str = ""

    def name(self, version: int) -> str:
        """Its name in `version`."""
        return self.name_6 if version == 6 and self.name_6 else self.name_5


def _calls(s: Servicer[Any]) -> list[Call]:
    resource, data, ephemeral = (partial(s.validate, kind) for kind in ("resource", "data", "ephemeral"))
    config, found = pb.TypeConfigRequest, pb.DiagnosticsResponse
    return [
        Call("GetSchema", s.get_schema, pb.Empty, pb.GetSchemaResponse, "GetProviderSchema"),
        Call("GetResourceIdentitySchemas", s.get_identity_schemas, pb.Empty, pb.GetIdentitySchemasResponse),
        Call("UpgradeResourceIdentity", s.upgrade_identity, pb.UpgradeIdentityRequest, pb.UpgradeIdentityResponse),
        Call(
            "PrepareProviderConfig",
            s.prepare_provider,
            pb.ProviderConfigRequest,
            pb.PrepareProviderConfigResponse,
            "ValidateProviderConfig",
        ),
        Call("Configure", s.configure, pb.ConfigureRequest, found, "ConfigureProvider"),
        Call("ValidateResourceTypeConfig", resource, config, found, "ValidateResourceConfig"),
        Call("ValidateDataSourceConfig", data, config, found, "ValidateDataResourceConfig"),
        Call("ValidateEphemeralResourceConfig", ephemeral, config, found),
        Call("UpgradeResourceState", s.upgrade_state, pb.UpgradeStateRequest, pb.UpgradeStateResponse),
        Call("ReadResource", s.read, pb.ReadResourceRequest, pb.ReadResourceResponse),
        Call("PlanResourceChange", s.plan, pb.PlanRequest, pb.PlanResponse),
        Call("ApplyResourceChange", s.apply, pb.ApplyRequest, pb.ApplyResponse),
        Call("ImportResourceState", s.import_state, pb.ImportRequest, pb.ImportResponse),
        Call("ReadDataSource", s.read_data, config, pb.ReadDataSourceResponse),
        Call("OpenEphemeralResource", s.open_ephemeral, config, pb.OpenEphemeralResponse),
        Call("RenewEphemeralResource", _nothing(found), pb.EphemeralRequest, found),
        Call("CloseEphemeralResource", _nothing(found), pb.EphemeralRequest, found),
        Call("Stop", _nothing(pb.StopResponse), pb.Empty, pb.StopResponse, "StopProvider"),
    ]


def handlers(servicer: Servicer[Any], version: int) -> grpc.GenericRpcHandler:
    """The gRPC handler for `version` (5 or 6)."""
    methods = {
        call.name(version): grpc.unary_unary_rpc_method_handler(
            _safely(call.method, call.response),
            request_deserializer=call.request.FromString,
            response_serializer=call.response.SerializeToString,
        )
        for call in _calls(servicer)
    }
    return grpc.method_handlers_generic_handler(f"tfplugin{version}.Provider", methods)


def _nothing(response: type[Any]) -> Handler:
    return lambda _request: response()


def _safely(method: Handler, response: type[Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    """Convert exceptions to diagnostics: Terraform would report an exception as a crash of the provider."""

    def call(request: Any, _context: grpc.ServicerContext) -> Any:
        try:
            return method(request)
        except DiagnosticError as error:
            found = error.diagnostics
        except StandInError as error:
            found = [Diagnostic(str(error))]
        except Exception as error:
            found = [Diagnostic(f"the bundled provider failed: {error!r}", traceback.format_exc())]
        return response(diagnostics=[diagnostic.to_proto() for diagnostic in found])

    return call
