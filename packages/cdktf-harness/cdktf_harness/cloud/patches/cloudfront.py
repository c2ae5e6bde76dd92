"""CloudFront: origin access identities, which ministack does not have.

https://docs.aws.amazon.com/cloudfront/latest/APIReference/API_CreateCloudFrontOriginAccessIdentity.html
"""

from __future__ import annotations

import copy
import hashlib
import re
import secrets
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from cdktf_harness.cloud.replacing import change_service, replaces

_PATH = re.compile(r"/2020-05-31/origin-access-identity/cloudfront(?:/([^/]+)(/config)?)?$")
_NAME = "CloudFrontOriginAccessIdentity"
_CONFIG = ("CallerReference", "Comment")


def _change(service: Any) -> None:
    identities = service.AccountScopedDict()

    @replaces(service, "get_state")
    def _state(original: Any) -> Any:
        return {**original(), "identities": copy.deepcopy(identities)}

    @replaces(service, "load_persisted_state")
    def _restore(original: Any, data: Any) -> None:
        original(data)
        identities.update(data.get("identities", {}))

    @replaces(service, "reset")
    def _reset(original: Any) -> None:
        original()
        identities.clear()

    @replaces(service, "handle_request")
    async def _handle(original: Any, method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
        if not (matched := _PATH.match(path)):
            return await original(method, path, headers, body, query)
        id_ = matched[1]
        if id_ and id_ not in identities:
            return service._error(f"NoSuch{_NAME}", "The specified origin access identity does not exist.", 404)
        if method == "DELETE":
            del identities[id_]
            return 204, {}, b""
        if method in ("POST", "PUT"):
            id_ = id_ or f"E{secrets.token_hex(6).upper()}"
            root = service._parse_body(body)
            found = {name: root.findtext(f"{{*}}{name}") or "" for name in _CONFIG}
            identities[id_] = {**found, "ETag": f"E{secrets.token_hex(6).upper()}"}
        kept = identities[id_]

        def build(root: Element) -> None:
            SubElement(root, "Id").text = id_
            SubElement(root, "S3CanonicalUserId").text = hashlib.sha256(id_.encode()).hexdigest()
            config = SubElement(root, f"{_NAME}Config")
            for name in _CONFIG:
                SubElement(config, name).text = kept[name]

        status = 201 if method == "POST" else 200
        return service._xml_response(_NAME, build, status, {"ETag": kept["ETag"]})


change_service("cloudfront", _change)
