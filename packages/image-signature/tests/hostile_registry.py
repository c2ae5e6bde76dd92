"""A cloud and its registry in this process, which answer as a test says and note what they were sent."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from image_signature import Image, Signer

KEY = "arn:aws:kms:eu-central-1:123456789012:key/1234abcd"
DIGEST = f"sha256:{64 * '0'}"
TOKEN = base64.b64encode(b"AWS:" + 900 * b"secret").decode()
REGISTRY = "https://123456789012.dkr.ecr.eu-central-1.amazonaws.com"

Answer = Callable[[BaseHTTPRequestHandler], None]


class Listener(ThreadingHTTPServer):
    """`answer` answers the requests to the registry; `asked` has method, path and login of all."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.asked: list[tuple[str, str, str]] = []
        self.answer: Answer = says(404)
        # One for all tests: a client of AWS takes long to make.
        self.signer = Signer(KEY, self.url)
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()

    @property
    def url(self) -> str:
        """The URL of the cloud."""
        return f"http://{self.host}"

    @property
    def host(self) -> str:
        """Host and port of the registry."""
        return f"127.0.0.1:{self.server_port}"

    @property
    def image(self) -> Image:
        """An image in the registry."""
        return Image.parse(f"{self.host}/x@{DIGEST}")


def says(status: int, body: bytes = b"", **headers: str) -> Answer:
    """An answer with this status, body and headers."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        for name, value in headers.items():
            to.send_header(name.replace("_", "-"), value)
        if "Transfer_Encoding" not in headers:
            to.send_header("Content-Length", str(len(body)))
        to.end_headers()
        to.wfile.write(body)

    return answer


def drips(status: int) -> Answer:
    """An answer whose body comes byte by byte, for a second or so."""

    def answer(to: BaseHTTPRequestHandler) -> None:
        to.send_response(status)
        to.end_headers()
        with suppress(OSError):  # the other side has enough
            for _ in range(200_000):
                to.wfile.write(b"x")

    return answer


class _Handler(BaseHTTPRequestHandler):
    server: Listener

    def _answer(self) -> None:
        self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.path, self.headers.get("Authorization", "")))
        if self.headers.get("X-Amz-Target", "").endswith("GetAuthorizationToken"):
            given = {"authorizationToken": TOKEN, "proxyEndpoint": REGISTRY}
            says(200, json.dumps({"authorizationData": [given]}).encode())(self)
        else:
            self.server.answer(self)

    do_GET = do_POST = do_PUT = _answer  # noqa: N815

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""
