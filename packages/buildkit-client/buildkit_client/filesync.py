"""Send files to BuildKit, which requests them by the name of a folder as in `docker build`.

BuildKit gets the names and status of all files, and requests the contents of those that it does not have.

Source: github.com/moby/buildkit, session/filesync (the method, "diffcopy"); github.com/tonistiigi/fsutil, send.go.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

import grpc

from buildkit_client import buildkit_pb2 as pb

METHOD = "/moby.filesync.v1.FileSync/DiffCopy"
_CHUNK = 1 << 20
# The modification time of all files, so that an unchanged context makes unchanged layers in any checkout. Not 0: zip
# files cannot contain times before 1980.
_NANOSECONDS = 315_532_800 * 10**9
# The bits of Go's os.FileMode.
_FOLDER, _LINK = 1 << 31, 1 << 27
_SPECIAL_BITS = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}


class Entry(NamedTuple):
    """A file, folder or link, with its name for BuildKit; `status` is that of `path` without following links."""

    name: str
    status: os.stat_result
    path: Path


def handler(folders: Mapping[str, Iterable[Entry]]) -> grpc.GenericRpcHandler:
    """The gRPC method that sends `folders`. Names are relative to their folder; the entries include all parents."""
    # Order: a folder, its contents, its next sibling.
    ordered = {name: sorted(found, key=lambda entry: entry.name.split("/")) for name, found in folders.items()}

    def diff_copy(requests: Iterator[pb.Packet], context: grpc.ServicerContext) -> Iterator[pb.Packet]:
        metadata = [(str(key), str(value)) for key, value in context.invocation_metadata()]
        wanted = [value for key, value in metadata if key == "followpaths"]
        # Ignored files are not among the entries, so BuildKit needs no ignore file.
        ignore_file = bool(wanted) and all(name.endswith(".dockerignore") for name in wanted)
        return _send([] if ignore_file else ordered[dict(metadata)["dir-name"]], requests)

    _, service, method = METHOD.split("/")
    serve = grpc.stream_stream_rpc_method_handler(
        diff_copy,
        request_deserializer=pb.Packet.FromString,
        response_serializer=pb.Packet.SerializeToString,
    )
    return grpc.method_handlers_generic_handler(service, {method: serve})


def _send(entries: Sequence[Entry], requests: Iterator[pb.Packet]) -> Iterator[pb.Packet]:
    # Receive in a thread while sending: otherwise both sides can block on full buffers.
    received: SimpleQueue[pb.Packet | None] = SimpleQueue()
    Thread(target=_receive, args=(requests, received), daemon=True).start()
    for entry in entries:
        yield pb.Packet(type=pb.Packet.STAT, stat=_stat(entry))
    yield pb.Packet(type=pb.Packet.STAT)
    while (packet := received.get()) and packet.type == pb.Packet.REQ:
        with entries[packet.id].path.open("rb") as file:
            while data := file.read(_CHUNK):
                yield pb.Packet(type=pb.Packet.DATA, id=packet.id, data=data)
        yield pb.Packet(type=pb.Packet.DATA, id=packet.id)
    if packet and packet.type == pb.Packet.FIN:
        yield pb.Packet(type=pb.Packet.FIN)


def _receive(requests: Iterator[pb.Packet], received: SimpleQueue[Any]) -> None:
    try:
        for packet in requests:
            received.put(packet)
    except grpc.RpcError:  # BuildKit has cancelled the call.
        pass
    finally:
        received.put(None)


def _stat(entry: Entry) -> pb.Stat:
    mode = entry.status.st_mode
    bits = stat.S_IMODE(mode) & 0o777
    bits |= sum(go for unix, go in _SPECIAL_BITS.items() if mode & unix)
    result = pb.Stat(path=entry.name, modTime=_NANOSECONDS)
    if stat.S_ISDIR(mode):
        bits |= _FOLDER
    elif stat.S_ISLNK(mode):
        bits |= _LINK
        result.linkname = os.readlink(entry.path)
    else:
        result.size = entry.status.st_size
    result.mode = bits
    return result
