"""CloudWatch: a request in the Query protocol has the same effect and the same answer as one in JSON.

ministack reads and writes that protocol by hand (services/cloudwatch.py 1021-1073, 1717-1744 and in each operation),
without most members of an alarm. Terraform's provider 5.x and older SDKs use it. This patch translates
requests to JSON, and answers back, by botocore's service model. For CBOR, ministack needs the package cbor2, which it
does not require (514-521), so the harness does.
https://smithy.io/2.0/aws/protocols/aws-query-protocol.html
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import parse_qsl
from xml.etree import ElementTree

from ministack.services import cloudwatch as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces

_NUMBERS = {"integer": int, "long": int, "float": float, "double": float}


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: Any, body: bytes, query: Mapping[str, Any]) -> Any:
    kind = headers.get("content-type", "") + headers.get("smithy-protocol", "")
    given = {name: value[-1] if isinstance(value, list) else value for name, value in query.items()}
    if not ("cbor" in kind or "json" in kind or headers.get("x-amz-target")):
        given |= dict(parse_qsl(body.decode(errors="replace"), keep_blank_values=True))
    action = given.get("Action", "")
    if action not in _model().operation_names:
        return await original(method, path, headers, body, query)
    operation = _model().operation_model(action)
    try:
        data = _read(operation.input_shape, _tree(given)) if operation.input_shape else {}
    except (AttributeError, KeyError, TypeError, ValueError):
        return service._error("MalformedInput", f"The parameters of {action} are malformed", 400)
    json_headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": f"CloudWatch.{action}"}
    status, _, answer = await original("POST", "/", {**headers, **json_headers}, json.dumps(data).encode(), {})
    found = json.loads(answer or "{}")
    if status >= 400:
        codes = {shape.name: shape.error_code for shape in operation.error_shapes}
        return service._error(codes.get(found["__type"], found["__type"]), found["message"], status)
    return service._xml(status, f"{action}Response", _result(operation.output_shape, found))


@cache
def _model() -> Any:
    # The import takes a while, and few clients use this protocol.
    from botocore.session import get_session

    return get_session().get_service_model("cloudwatch")


def _tree(parameters: Mapping[str, str]) -> dict[str, Any]:
    """Return parameters such as `Tags.member.1.Key` as nested dictionaries."""
    root: dict[str, Any] = {}
    for name, value in parameters.items():
        *parents, last = name.split(".")
        node = root
        for part in parents:
            node = node.setdefault(part, {})
        node[last] = value
    return root


def _read(shape: Any, node: Any) -> Any:
    """Return the value that parameters have; an empty list is an empty text."""
    if shape.type_name == "structure":
        return {name: _read(member, node[name]) for name, member in shape.members.items() if name in node}
    if shape.type_name == "list":
        members = node["member"] if node else {}
        return [_read(shape.member, members[number]) for number in sorted(members, key=int)]
    if shape.type_name == "boolean":
        return node == "true"
    return _NUMBERS.get(shape.type_name, str)(node)


def _result(shape: Any, value: Any) -> str:
    if shape is None:
        return ""
    element = ElementTree.Element(shape.serialization["resultWrapper"])
    _write(element, shape, value)
    return ElementTree.tostring(element, encoding="unicode")


def _write(element: ElementTree.Element, shape: Any, value: Any) -> None:
    if shape.type_name == "structure":
        for name, member in shape.members.items():
            if value.get(name) is not None:
                _write(ElementTree.SubElement(element, name), member, value[name])
    elif shape.type_name == "list":
        for one in value:
            _write(ElementTree.SubElement(element, "member"), shape.member, one)
    elif shape.type_name == "map":
        for key, one in value.items():
            entry = ElementTree.SubElement(element, "entry")
            ElementTree.SubElement(entry, "key").text = key
            _write(ElementTree.SubElement(entry, "value"), shape.value, one)
    elif shape.type_name == "boolean":
        element.text = str(value).lower()
    else:
        element.text = service._ts_iso(value) if shape.type_name == "timestamp" else str(value)
