"""A name server that knows AWS's domain only, all of it at one address.

Its messages are those of RFC 1035, section 4: a question of one name is answered with one address, and nothing else.
"""

from __future__ import annotations

import socket
import struct
from threading import Thread

DOMAIN = "amazonaws.com"
_QUESTION = 12
_A, _IN = 1, 1
_ANSWER, _NO_SUCH_NAME = 0x8580, 0x8583
_SECONDS = 60


def serve(host: str, address: str) -> None:
    """Answer questions at port 53 of `host`, until this process ends."""
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind((host, 53))
    Thread(target=_answer_all, args=(server, socket.inet_aton(address)), daemon=True).start()


def _answer_all(server: socket.socket, address: bytes) -> None:
    while True:
        message, client = server.recvfrom(4096)
        server.sendto(answer(message, address), client)


def answer(message: bytes, address: bytes) -> bytes:
    """Return the answer to a message; other types than addresses have none."""
    labels, end = [], _QUESTION
    while length := message[end]:
        labels.append(message[end + 1 : end + 1 + length].decode().lower())
        end += 1 + length
    (kind,) = struct.unpack_from(">H", message, end + 1)
    question = message[_QUESTION : end + 5]
    if f".{'.'.join(labels)}".endswith(f".{DOMAIN}"):
        flags, found = _ANSWER, kind == _A
    else:
        flags, found = _NO_SUCH_NAME, False
    # The name of the answer is that of the question, at its place in the message.
    record = struct.pack(">HHHLH", 0xC000 | _QUESTION, _A, _IN, _SECONDS, len(address)) + address if found else b""
    return message[:2] + struct.pack(">HHHHH", flags, 1, int(found), 0, 0) + question + record
