"""Evaluate IAM policies for the calls to the embedded AWS.

ministack does so with AUTH=true, and on: this application decides the calls of the services in `needs`, with
ministack's evaluator, and ministack the others. The deployment's own credentials are those of the account's root user.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote
from uuid import uuid4

import cbor2
from ministack import app as upstream  # type: ignore[import-untyped]
from ministack.core import iam_actions, iam_evaluator, responses, router  # type: ignore[import-untyped]
from ministack.services import apigateway, apigateway_v1, ecr, iam, tagging  # type: ignore[import-untyped]

from cdktf_harness.cloud.access_config import Access
from cdktf_harness.cloud.asgi import App, Message, Receive, Send, answered, buffered
from cdktf_harness.cloud.aws_requests import Call, call_of, model
from cdktf_harness.cloud.front_door.credentials import caller, registry_caller
from cdktf_harness.cloud.front_door.request import Refused, Request
from cdktf_harness.cloud.permissions.decisions import DECISIONS, Decision
from cdktf_harness.cloud.permissions.needs import SERVICES, Need, Place, of_call, of_registry
from cdktf_harness.cloud.replacing import replaces

Answer = tuple[int, dict[str, str], bytes]
# ministack's names of services, where they differ from boto3's.
_SERVICES = {"cloudwatch": "monitoring"}


def install(folder: Path) -> None:
    """Let ministack only check the signatures of the calls that `Enforced` decides; note each decision in `folder`.

    Bucket policies ask for TLS, which a cloud on the loopback does not have: take each request as one with it.
    """

    @replaces(iam_evaluator, "enforce")
    def noted(
        original: Any,
        key: str,
        action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: Any = None,
    ) -> Any:
        denied = original(key, action, service, region, resource_arn, service_context)
        entry = Decision(key, action, resource_arn, dict(service_context or {}), denied is None)
        with (folder / DECISIONS).open("a") as file:
            file.write(json.dumps(asdict(entry)) + "\n")
        return denied

    @replaces(iam_actions, "extract_resource_arn")
    def named(original: Any, service: str, method: str, path: str, headers: Any, body: bytes, *more: Any) -> Any:
        found = original(service, method, path, headers, body, *more)
        # DynamoDB's tags, for which ministack has no resource.
        return json.loads(body).get("ResourceArn", found) if service == "dynamodb" and found == "*" else found

    action, origin = iam_actions.extract_iam_action, upstream.pin_request_origin
    decided = {_SERVICES.get(service, service) for service in SERVICES}
    iam_actions.extract_iam_action = lambda service, *rest: None if service in decided else action(service, *rest)
    upstream.pin_request_origin = lambda address, secure: origin(address, True)


class Enforced:
    """An ASGI application that refuses calls for which the caller has no permission."""

    def __init__(self, app: App, access: Access) -> None:
        self._app = app
        self._access = access

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Handle a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = Request.of(scope)
        path = request.raw_path.partition("?")[0]
        caller.set(router.extract_access_key_id(request.headers, request.query))
        responses.set_request_region(router.extract_region(request.headers, request.query))
        place = Place(responses.get_region(), responses.get_account_id())
        if upstream._is_ecr_registry_path(request.path):
            caller.set(registry_caller(self._access, request) or "")
            name, needs = "ecr", list(of_registry(request.method, request.path, _registry(place)))
        else:
            body, receive = await buffered(receive)
            call = call_of(request, body)
            name, needs = call.service, []
            if name in SERVICES:
                needs = list(of_call(call, request.method, path, _parameters(call, request, body), place))
        for need in needs:
            if answer := _refusal(_SERVICES.get(name, name), need, place, request.headers):
                await answered(send, *answer)
                return
        await self._app(scope, receive, send)


def _registry(place: Place) -> Place:
    """Where the repositories are: a request to the registry is not signed for a region."""
    regions = {region for (_, region, _) in ecr._repositories._data}
    return Place(next(iter(regions), place.region), place.account)


def _refusal(service: str, need: Need, place: Place, headers: Mapping[str, str]) -> Answer | None:
    context = {**_boundary(need.resource), **need.context, **_tags(need.resource)}
    denied = iam_evaluator.enforce(caller.get(), need.action, service, place.region, need.resource, context)
    if not denied:
        return None
    who = getattr(denied, "principal_arn", "")
    message = f"User: {who} is not authorized to perform: {need.action} on resource: {need.resource}"
    answer: Answer = iam_actions.access_denied_response(
        service, need.action, who, str(uuid4()), message=message, headers=headers, resource_arn=need.resource
    )
    return answer


def _parameters(call: Call, request: Request, body: bytes) -> dict[str, Any]:
    """Return the parameters of a call. Raises Refused where ministack might take others, or another call."""
    described = model(call.service)
    assert described
    protocols = described.metadata.get("protocols", [described.metadata["protocol"]])
    if not call.operation or {"cbor": "smithy-rpc-v2-cbor"}.get(call.protocol, call.protocol) not in protocols:
        raise Refused(f"it is no call of {call.service} that AWS has", 400)
    if call.protocol == "query":
        pairs = parse_qsl(request.query_string) + parse_qsl(body.decode(errors="replace"))
        if len(pairs) > len(dict(pairs)):
            raise Refused("it has a parameter twice", 400)
        return dict(pairs)
    try:
        content = cbor2.loads(body) if call.protocol == "cbor" and body else json.loads(body or b"{}")
    except ValueError:
        content = {}
    content = content if isinstance(content, dict) else {}
    shape = described.operation_model(call.operation).input_shape
    if call.protocol != "rest-json" or shape is None:
        return content
    # The body may have what is in the path or in the query, too, and that of a call of a function is its event.
    inside = {} if "payload" in shape.serialization else content
    places = {"uri": call.labels, "querystring": dict(parse_qsl(request.query_string)), None: inside}
    given: dict[str, Any] = {}
    for name, member in shape.members.items():
        place = places.get(member.serialization.get("location"), {})
        wire = member.serialization.get("name", name)
        given |= {name: place[wire]} if wire in place else {}
    return given


def _boundary(arn: str) -> dict[str, str]:
    """The permissions boundary of a role, as a condition."""
    role = iam._roles.get(arn.partition(":role/")[2]) or {}
    return {"iam:PermissionsBoundary": role["PermissionsBoundary"]} if role.get("PermissionsBoundary") else {}


def _tags(arn: str) -> dict[str, str]:
    """The tags of a resource, as conditions. What is part of an API, or of a usage plan, has those of the whole.

    https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-tagging-supported-resources.html
    """
    _, is_api, path = arn.partition("::/")
    kind, _, rest = path.partition("/")
    tables = {
        "apis": apigateway._apis,
        "restapis": apigateway_v1._rest_apis,
        "apikeys": apigateway_v1._api_keys,
        "usageplans": apigateway_v1._usage_plans,
    }
    if kind == "tags":
        return _tags(unquote(rest))
    if is_api:
        found = (tables.get(kind, {}).get(rest.partition("/")[0]) or {}).get("tags")
    else:
        found = tagging.resource_tags(arn)
    return {f"aws:ResourceTag/{key}": value for key, value in (found or {}).items()}
