"""What listens at AWS's host names: it ends TLS and passes on the bytes, since the cloud knows the names."""

from __future__ import annotations

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections import Counter
from pathlib import Path
from threading import Thread

from cdktf_harness.cloud.functions.forwarder import relay


class Front:
    """Passes on connections to port 443 of `address` to the cloud on `port`; `names` counts them by host name."""

    def __init__(self, address: str, certificate: Path, port: int) -> None:
        self.names: Counter[str] = Counter()
        self._port = port
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(certificate)
        context.sni_callback = self._named
        loop = asyncio.new_event_loop()
        loop.run_until_complete(asyncio.start_server(self._pass_on, address, 443, ssl=context))
        Thread(target=loop.run_forever, daemon=True).start()

    def _named(self, connection: ssl.SSLObject, name: str | None, context: ssl.SSLContext) -> None:
        self.names[name or ""] += 1

    async def _pass_on(self, reader: StreamReader, writer: StreamWriter) -> None:
        await relay(reader, writer, self._port)
