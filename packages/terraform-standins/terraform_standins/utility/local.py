"""hashicorp/local: files of this machine; relative paths begin at the folder where Terraform runs."""

from __future__ import annotations

import os
from base64 import b64decode, b64encode
from contextlib import suppress
from pathlib import Path

from ..protocol.base import DataSource
from ..protocol.values import Values
from . import InState, Utility, digests


class File(InState):
    type_name = "local_file"

    def create(self, context: None, planned: Values) -> Values:
        path, content = Path(planned["filename"]), _content(planned)
        path.parent.mkdir(int(planned["directory_permission"], 8), parents=True, exist_ok=True)
        flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
        with open(os.open(path, flags, int(planned["file_permission"], 8)), "wb") as file:
            file.write(content)
        return digests(content, "content", "sha1")

    def read(self, context: None, state: Values) -> Values | None:
        """A file with another content does not exist: Terraform writes it again."""
        path = Path(state["filename"])
        content = path.read_bytes() if path.is_file() else None
        return None if content is None or digests(content, "content", "sha1")["id"] != state["id"] else {}

    def delete(self, context: None, state: Values) -> None:
        with suppress(FileNotFoundError):
            os.remove(state["filename"])


def _content(values: Values) -> bytes:
    if values["content_base64"]:
        return b64decode(values["content_base64"])
    if values["source"]:
        return Path(values["source"]).read_bytes()
    return str(values["content"] or values.get("sensitive_content") or "").encode()


class SensitiveFile(File):
    type_name = "local_sensitive_file"


class FileData(DataSource[None]):
    type_name = "local_file"

    def read(self, context: None, config: Values) -> Values:
        content = Path(config["filename"]).read_bytes()
        forms = {"content": content.decode(errors="replace"), "content_base64": b64encode(content).decode()}
        return {**forms, **digests(content, "content", "sha1")}


class SensitiveFileData(FileData):
    type_name = "local_sensitive_file"


PROVIDER = Utility("local", File, SensitiveFile, FileData, SensitiveFileData)
