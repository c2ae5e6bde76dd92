"""The calls of both versions of the protocol, as a table for gRPC."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from functools import partial
from typing import Any

import grpc

from . import tfplugin_pb2 as pb
from .diagnostics import Diagnostic, DiagnosticError
from .servicer import Servicer

Handler = Callable[[Any], Any]
Call = tuple[str, str, type[Any], type[Any], Handler]
"""Name in version 5, name in version 6 (if it differs), request, response, method."""


def _calls(s: Servicer[Any]) -> list[Call]:
    validate_resource, validate_data, validate_ephemeral = (
        partial(s.validate, kind) for kind in ("resource", "data", "ephemeral")
    )
    return [
        ("GetSchema", "GetProviderSchema", pb.Empty, pb.GetSchemaResponse, s.get_schema),
        (
            "PrepareProviderConfig",
            "ValidateProviderConfig",
            pb.ProviderConfigRequest,
            pb.PrepareProviderConfigResponse,
            s.prepare_provider,
        ),
        ("Configure", "ConfigureProvider", pb.ConfigureRequest, pb.DiagnosticsResponse, s.configure),
        (
            "ValidateResourceTypeConfig",
            "ValidateResourceConfig",
            pb.TypeConfigRequest,
            pb.DiagnosticsResponse,
            validate_resource,
        ),
        (
            "ValidateDataSourceConfig",
            "ValidateDataResourceConfig",
            pb.TypeConfigRequest,
            pb.DiagnosticsResponse,
            validate_data,
        ),
        (
            "ValidateEphemeralResourceConfig",
            "",
            pb.TypeConfigRequest,
            pb.DiagnosticsResponse,
            validate_ephemeral,
        ),
        ("UpgradeResourceState", "", pb.UpgradeStateRequest, pb.UpgradeStateResponse, s.upgrade_state),
        ("ReadResource", "", pb.ReadResourceRequest, pb.ReadResourceResponse, s.read),
        ("PlanResourceChange", "", pb.PlanRequest, pb.PlanResponse, s.plan),
        ("ApplyResourceChange", "", pb.ApplyRequest, pb.ApplyResponse, s.apply),
        ("ImportResourceState", "", pb.ImportRequest, pb.ImportResponse, s.import_state),
        ("ReadDataSource", "", pb.TypeConfigRequest, pb.ReadDataSourceResponse, s.read_data),
        ("OpenEphemeralResource", "", pb.TypeConfigRequest, pb.OpenEphemeralResponse, s.open_ephemeral),
        (
            "RenewEphemeralResource",
            "",
            pb.EphemeralRequest,
            pb.DiagnosticsResponse,
            _nothing(pb.DiagnosticsResponse),
        ),
        (
            "CloseEphemeralResource",
            "",
            pb.EphemeralRequest,
            pb.DiagnosticsResponse,
            _nothing(pb.DiagnosticsResponse),
        ),
        # No type has an identity of its own, which an empty answer says.
        ("GetResourceIdentitySchemas", "", pb.Empty, pb.Empty, _nothing(pb.Empty)),
        ("Stop", "StopProvider", pb.Empty, pb.StopResponse, _nothing(pb.StopResponse)),
    ]


def handlers(servicer: Servicer[Any], version: int) -> grpc.GenericRpcHandler:
    """What a gRPC server needs to serve `version` (5 or 6)."""
    methods = {
        (name_6 or name_5) if version == 6 else name_5: grpc.unary_unary_rpc_method_handler(
            _safely(method, response),
            request_deserializer=request.FromString,
            response_serializer=response.SerializeToString,
        )
        for name_5, name_6, request, response, method in _calls(servicer)
    }
    return grpc.method_handlers_generic_handler(f"tfplugin{version}.Provider", methods)


def _nothing(response: type[Any]) -> Handler:
    return lambda _request: response()


def _safely(method: Handler, response: type[Any]) -> Callable[[Any, grpc.ServicerContext], Any]:
    """Terraform shows an exception that leaves a method as a crash; a diagnostic says what happened."""

    def call(request: Any, _context: grpc.ServicerContext) -> Any:
        try:
            return method(request)
        except DiagnosticError as error:
            found = error.diagnostics
        except Exception as error:
            found = [Diagnostic(f"the bundled provider failed: {error!r}", traceback.format_exc())]
        return response(diagnostics=[diagnostic.to_proto() for diagnostic in found])

    return call
