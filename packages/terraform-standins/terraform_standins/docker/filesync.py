"""Files for BuildKit, which asks for those of a folder by its name as it does in `docker build`.

It gets the names and the status of all, and asks for the contents of those that it does not have.

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

from terraform_standins.docker import buildkit_pb2 as pb

METHOD = "/moby.filesync.v1.FileSync/DiffCopy"
_CHUNK = 1 << 20
# The time of all files, so that an unchanged context makes unchanged layers wherever it was checked out. Not 0: zip
# cannot hold a time before 1980.
_NANOSECONDS = 315_532_800 * 10**9
# os.FileMode of Go.
_FOLDER, _LINK = 1 << 31, 1 << 27
_SPECIAL_BITS = {stat.S_ISUID: 1 << 23, stat.S_ISGID: 1 << 22, stat.S_ISVTX: 1 << 20}


class Entry(NamedTuple):
    """A file, folder or link, under the name that BuildKit sees; `status` is that of `path` itself."""

    name: str
    status: os.stat_result
    path: Path


def handler(folders: Mapping[str, Iterable[Entry]]) -> grpc.GenericRpcHandler:
    """The gRPC method that sends `folders`; names are relative to their folder, and one's parents are there too."""
    # A folder before what is in it, and both before what is beside it.
    ordered = {name: sorted(found, key=lambda entry: entry.name.split("/")) for name, found in folders.items()}

    def diff_copy(requests: Iterator[pb.Packet], context: grpc.ServicerContext) -> Iterator[pb.Packet]:
        metadata = [(str(key), str(value)) for key, value in context.invocation_metadata()]
        wanted = [value for key, value in metadata if key == "followpaths"]
        # What is ignored is not among the files any more, so BuildKit has no use for the file that says so.
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
    # Read while we write: neither side may wait for the other to read.
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
    except Exception:  # grpc's, without a more exact type: the other side is gone
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
