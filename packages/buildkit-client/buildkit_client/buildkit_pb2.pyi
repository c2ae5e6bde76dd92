from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class Time(_message.Message):
    __slots__ = ("seconds", "nanos")
    SECONDS_FIELD_NUMBER: _ClassVar[int]
    NANOS_FIELD_NUMBER: _ClassVar[int]
    seconds: int
    nanos: int
    def __init__(self, seconds: _Optional[int] = ..., nanos: _Optional[int] = ...) -> None: ...

class Vertex(_message.Message):
    __slots__ = ("digest", "name", "cached", "started", "completed", "error")
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    CACHED_FIELD_NUMBER: _ClassVar[int]
    STARTED_FIELD_NUMBER: _ClassVar[int]
    COMPLETED_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    digest: str
    name: str
    cached: bool
    started: Time
    completed: Time
    error: str
    def __init__(self, digest: _Optional[str] = ..., name: _Optional[str] = ..., cached: _Optional[bool] = ..., started: _Optional[_Union[Time, _Mapping]] = ..., completed: _Optional[_Union[Time, _Mapping]] = ..., error: _Optional[str] = ...) -> None: ...

class VertexLog(_message.Message):
    __slots__ = ("vertex", "msg")
    VERTEX_FIELD_NUMBER: _ClassVar[int]
    MSG_FIELD_NUMBER: _ClassVar[int]
    vertex: str
    msg: bytes
    def __init__(self, vertex: _Optional[str] = ..., msg: _Optional[bytes] = ...) -> None: ...

class StatusResponse(_message.Message):
    __slots__ = ("vertexes", "logs")
    VERTEXES_FIELD_NUMBER: _ClassVar[int]
    LOGS_FIELD_NUMBER: _ClassVar[int]
    vertexes: _containers.RepeatedCompositeFieldContainer[Vertex]
    logs: _containers.RepeatedCompositeFieldContainer[VertexLog]
    def __init__(self, vertexes: _Optional[_Iterable[_Union[Vertex, _Mapping]]] = ..., logs: _Optional[_Iterable[_Union[VertexLog, _Mapping]]] = ...) -> None: ...

class Stat(_message.Message):
    __slots__ = ("path", "mode", "size", "modTime", "linkname")
    PATH_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    MODTIME_FIELD_NUMBER: _ClassVar[int]
    LINKNAME_FIELD_NUMBER: _ClassVar[int]
    path: str
    mode: int
    size: int
    modTime: int
    linkname: str
    def __init__(self, path: _Optional[str] = ..., mode: _Optional[int] = ..., size: _Optional[int] = ..., modTime: _Optional[int] = ..., linkname: _Optional[str] = ...) -> None: ...

class Packet(_message.Message):
    __slots__ = ("type", "stat", "id", "data")
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        __slots__ = ()
        STAT: _ClassVar[Packet.Type]
        REQ: _ClassVar[Packet.Type]
        DATA: _ClassVar[Packet.Type]
        FIN: _ClassVar[Packet.Type]
        ERR: _ClassVar[Packet.Type]
    STAT: Packet.Type
    REQ: Packet.Type
    DATA: Packet.Type
    FIN: Packet.Type
    ERR: Packet.Type
    TYPE_FIELD_NUMBER: _ClassVar[int]
    STAT_FIELD_NUMBER: _ClassVar[int]
    ID_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    type: Packet.Type
    stat: Stat
    id: int
    data: bytes
    def __init__(self, type: _Optional[_Union[Packet.Type, str]] = ..., stat: _Optional[_Union[Stat, _Mapping]] = ..., id: _Optional[int] = ..., data: _Optional[bytes] = ...) -> None: ...
