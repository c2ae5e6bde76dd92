"""A cloud and its registry in this process, which answer as a test says and note what they were sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from contextlib import contextmanager

from http_server import Request, Response, serving

from image_signature import Image, Signer

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
DIGEST = f"sha256:{64 * '0'}"
TOKEN = base64.b64encode(b"AWS:" + 900 * b"secret").decode()
REGISTRY = "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com"


class Listener:
    """`answer` is that to requests to the registry; `asked` has method, path and login of all."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.answer = Response(status=404)

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Listen on a free port."""
        with serving(self._respond) as self.port:
            self.host = f"127.0.0.1:{self.port}"
            self.image = Image.parse(f"{self.host}/x@{DIGEST}")
            # One for all tests: a client of AWS takes long to make.
            self.signer = Signer(KEY, f"http://{self.host}")
            yield

    def _respond(self, request: Request) -> Response:
        self.asked.append((request.method, request.path, request.headers.get("Authorization", "")))
        if request.headers.get("X-Amz-Target", "").endswith("GetAuthorizationToken"):
            given = {"authorizationToken": TOKEN, "proxyEndpoint": REGISTRY}
            return Response(json.dumps({"authorizationData": [given]}).encode())
        return self.answer
