"""The messages of tfplugin.proto, from its descriptor, which any version of protobuf reads."""

from pathlib import Path

from google.protobuf import descriptor_pb2, message_factory

_descriptors = descriptor_pb2.FileDescriptorSet.FromString(Path(__file__).with_name("tfplugin.binpb").read_bytes())
_found = message_factory.GetMessages(_descriptors.file)
globals().update({name.rpartition(".")[2]: message for name, message in _found.items()})
