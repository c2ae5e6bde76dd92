"""CloudFront: origin access identities, which ministack does not have.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCloudFrontOriginAccessIdentity.html
"""

from __future__ import annotations

import hashlib
import re
import secrets
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from ministack.services import cloudfront as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import keeps, replaces

_PATH = re.compile(r"/2020-05-31/origin-access-identity/cloudfront(?:/([^/]+)(/config)?)?$")
_NAME = "CloudFrontOriginAccessIdentity"
_CONFIG = ("CallerReference", "Comment")
_identities = service.AccountScopedDict()
keeps(service, "identities", _identities)


@replaces(service, "handle_request")
async def _handle(original: Any, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
    if not (matched := _PATH.match(path)):
        return await original(method, path, headers, body, query)
    id_ = matched[1]
    if id_ and id_ not in _identities:
        return service._error(f"NoSuch{_NAME}", "The specified origin access identity does not exist.", 404)
    if method == "GET" and not id_:
        return service._xml_response(f"{_NAME}List", _list)
    if method == "DELETE":
        del _identities[id_]
        return 204, {}, b""
    if method in ("POST", "PUT"):
        id_ = id_ or f"E{secrets.token_hex(6).upper()}"
        root = service._parse_body(body)
        found = {name: root.findtext(f"{{*}}{name}") or "" for name in _CONFIG}
        _identities[id_] = {**found, "ETag": f"E{secrets.token_hex(6).upper()}"}
    kept = _identities[id_]

    def build(root: Element) -> None:
        _add(root, **_of(id_))
        _add(SubElement(root, f"{_NAME}Config"), **{name: kept[name] for name in _CONFIG})

    return service._xml_response(_NAME, build, 201 if method == "POST" else 200, {"ETag": kept["ETag"]})


def _list(root: Element) -> None:
    _add(root, Marker="", MaxItems="100", IsTruncated="false", Quantity=str(len(_identities)))
    items = SubElement(root, "Items")
    for id_, kept in _identities.items():
        _add(SubElement(items, f"{_NAME}Summary"), **_of(id_), Comment=kept["Comment"])


def _of(id_: str) -> dict[str, str]:
    return {"Id": id_, "S3CanonicalUserId": hashlib.sha256(id_.encode()).hexdigest()}


def _add(parent: Element, **texts: str) -> None:
    for name, text in texts.items():
        SubElement(parent, name).text = text
