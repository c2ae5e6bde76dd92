"""The Terraform states of a local deployment, and whether they match its embedded cloud.

A local deployment is disposable: where states and cloud do not match, the deployment starts from an empty cloud.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from uuid import uuid4

from cdktf_harness.system import json_store
from cdktf_harness.system.errors import CommandFailed, HarnessError
from cdktf_harness.terraform import backend
from cdktf_harness.terraform.error_hints import PROVIDER_ENDED
from cdktf_harness.terraform.state import instances

# In the folders of states and cloud, with the same id; that of the cloud also names the stages that it has.
_PAIR = "deployment.json"
# Begins the name of a file for each stack that is being applied, in the cloud's folder.
_APPLYING = "applying."
# Where Terraform puts a state that it could not write, in the stack's folder.
_ERRORED = "errored.tfstate"


class States:
    """The states of a `stage` in `folder`, a file for each stack.

    `outputs` is the file of the deployed stacks' outputs, `cloud` the cloud's folder.
    """

    def __init__(self, folder: Path, stage: str, outputs: Path, cloud: Path) -> None:
        self.folder = folder
        self._outputs = outputs
        self._stage = stage
        self._cloud = cloud

    def addresses(self) -> dict[str, list[str]]:
        """Return the addresses by stack, as `terraform state list` prints them. Raises HarnessError if damaged."""
        found = {}
        for file in self._files():
            if (content := _json(file)) is None:
                raise HarnessError(f"{file} is damaged: deploy again, which starts from an empty cloud")
            found[file.name.split(".")[1]] = [instance.address for instance in instances(content)]
        return found

    def mismatch(self) -> str:
        """Return why the cloud may have what the states lack; "" if they match."""
        if any(self._marks()):
            return "the last apply ended before Terraform wrote its state"
        stages = self.stages()
        if (self._cloud / _PAIR).exists() and not stages:
            return f"{self._cloud / _PAIR} is damaged"
        if self._stage not in stages:
            return ""
        if _pair(self.folder).get("id") != _pair(self._cloud)["id"]:
            return f"{self.folder} was deleted"
        for file in (self._file(stack) for stack in _json(self._outputs) or ()):
            # Before it writes a stack's first state, Terraform makes an empty file.
            if not file.exists() or not file.stat().st_size:
                return f"{file} was deleted"
        damaged = [file for file in self._files() if _json(file) is None]
        return f"{damaged[0]} is damaged" if damaged else ""

    def pair(self) -> bool:
        """Note that the cloud has the stage; return whether states were removed because it did not have it."""
        if self._stage in self.stages():
            return False
        stale = [*self.folder.glob("terraform.*")]
        self.clear()
        # In this order: the first is ignored as long as the second does not name the stage.
        pair = {"id": _pair(self._cloud).get("id") or str(uuid4())}
        json_store.write(self.folder / _PAIR, pair)
        json_store.write(self._cloud / _PAIR, {**pair, "stages": [*self.stages(), self._stage]})
        return bool(stale)

    def stages(self) -> list[str]:
        """Return the stages that the cloud has."""
        return list(_pair(self._cloud).get("stages", []))

    def clear(self) -> None:
        """Delete the states and the outputs."""
        for file in (*self.folder.glob("terraform.*"), self._outputs):
            file.unlink(missing_ok=True)

    def forgive(self) -> None:
        """Forget applies that were killed: the cloud has lost what they made."""
        for mark in self._marks():
            mark.unlink(missing_ok=True)

    @contextmanager
    def applying(self, stack: str, folder: Path) -> Iterator[None]:
        """Mark that a stack is being applied in its `folder`; the mark stays if the state may lack what the cloud has.

        That is so if this process, Terraform or a provider was killed, or the state could not be written.
        """
        # Terraform removes this when it ends, unless it is killed.
        lock = self.folder / f".terraform.{stack}.tfstate.lock.info"
        mark, errored, whole = self._cloud / f"{_APPLYING}{stack}", folder / _ERRORED, True
        mark.touch()
        try:
            yield
        except CommandFailed as failure:
            whole = failure.code >= 0 and PROVIDER_ENDED not in failure.output and not errored.exists()
            errored.unlink(missing_ok=True)
            raise
        except KeyboardInterrupt:
            whole = not lock.exists()
            raise
        finally:
            if whole:
                mark.unlink(missing_ok=True)

    def _marks(self) -> Iterator[Path]:
        return self._cloud.glob(f"{_APPLYING}*")

    def _files(self) -> list[Path]:
        return sorted(self.folder.glob("terraform.*.tfstate"))

    def _file(self, stack: str) -> Path:
        return Path(backend.state_file(str(self.folder), stack))


def _pair(folder: Path) -> dict[str, Any]:
    with suppress(HarnessError):
        return dict(json_store.read(folder / _PAIR, _is_pair) or {})
    return {}


def _is_pair(content: Any) -> bool:
    has_id = isinstance(content, dict) and isinstance(content.get("id"), str)
    return has_id and isinstance(content.get("stages", []), list)


def _json(file: Path) -> dict[str, object] | None:
    """Return the content of a state, which may be encrypted (OpenTofu); None if it is not whole."""
    with suppress(OSError, ValueError):
        return dict(json.loads(file.read_text() or "{}"))
    return None
