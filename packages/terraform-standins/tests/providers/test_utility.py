"""HashiCorp's providers that call no service: random, null, local, archive and time."""

from __future__ import annotations

import base64
import hashlib
import zipfile
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from .workspace import Workspace, changed, imports

LETTERS = {"length": 20, "special": False, "min_numeric": 3}
RESOURCES: dict[str, Any] = {
    "random_id": {"byte_length": 4, "prefix": "a-"},
    "random_bytes": {"length": 8},
    "random_string": LETTERS,
    "random_password": {"length": 24, "override_special": "_"},
    "random_pet": {"length": 3, "prefix": "pet"},
    "random_uuid": {},
    "random_integer": {"min": 5, "max": 9, "seed": "a"},
    "random_shuffle": {"input": ["a", "b", "c"], "result_count": 5},
    "null_resource": {"triggers": {"a": "${random_uuid.this.result}"}},
    "local_file": {"filename": "made/a.txt", "content": "${random_pet.this.id}", "file_permission": "0640"},
    "local_sensitive_file": {"filename": "made/b", "content_base64": base64.b64encode(b"\0b").decode()},
    "archive_file": {"type": "tar.gz", "output_path": "a.tar.gz", "source": [{"filename": "a", "content": "b"}]},
    "time_static": {},
    "time_offset": {"base_rfc3339": "2024-01-31T10:00:00Z", "offset_months": 1, "offset_minutes": 5},
    "time_rotating": {"rotation_days": 30},
    "time_sleep": {"create_duration": "10ms", "destroy_duration": "1ms"},
}
DATA = {"null_data_source": {"this": {"inputs": {"a": "b"}}}}


def resources(**changes: dict[str, Any]) -> dict[str, Any]:
    """A resource of each type, with some arguments changed."""
    return {type_: {"this": {**arguments, **changes.get(type_, {})}} for type_, arguments in RESOURCES.items()}


def test_values_are_made_once(offline: Workspace) -> None:
    """The state has values of the real providers' forms; nothing changes after that, and a destroy removes files."""
    offline.converge(resource=resources(), data=DATA)
    state = {type_: offline.state(f"{type_}.this") for type_ in RESOURCES}
    content = base64.urlsafe_b64decode(f"{state['random_id']['id']}==")
    assert state["random_id"]["hex"] == f"a-{content.hex()}"
    assert state["random_id"]["dec"] == f"a-{int.from_bytes(content)}"
    assert state["random_string"]["id"] == state["random_string"]["result"]
    assert (len(state["random_string"]["result"]), state["random_string"]["result"].isalnum()) == (20, True)
    assert sum(map(str.isdigit, state["random_string"]["result"])) >= 3
    assert state["random_password"]["id"] == "none"
    assert state["random_pet"]["id"].split("-")[0] == "pet"
    assert state["random_pet"]["id"].count("-") == 3
    assert 5 <= state["random_integer"]["result"] <= 9
    assert sorted(state["random_shuffle"]["result"][:3]) == ["a", "b", "c"]
    offset = state["time_offset"]
    assert (offset["rfc3339"], offset["minute"], offset["unix"]) == ("2024-03-02T10:05:00Z", 5, 1709373900)
    file = offline.folder / "made" / "a.txt"
    assert file.stat().st_mode & 0o777 == 0o640
    assert hashlib.sha1(file.read_bytes()).hexdigest() == state["local_file"]["id"]
    assert (offline.folder / "made" / "b").read_bytes() == b"\0b"
    shown = offline.run("show")
    assert state["random_password"]["result"] not in shown
    offline.run("destroy", "-auto-approve")
    assert not file.exists()


def test_changes(offline: Workspace) -> None:
    """An argument that takes part in a value replaces the resource; an offset and a duration change in place."""
    offline.apply(resource=resources(), data=DATA)
    plan = offline.plan(
        resource=resources(
            random_id={"keepers": {"a": "b"}},
            random_password={"length": 25},
            null_resource={"triggers": {"a": "other"}},
            time_offset={"offset_minutes": 6},
            time_sleep={"create_duration": "20ms"},
        )
    )
    assert {address.partition(".")[0]: change["actions"] for address, change in plan.items()} == {
        **{type_: ["delete", "create"] for type_ in ("random_id", "random_password", "null_resource")},
        **{type_: ["update"] for type_ in ("time_offset", "time_sleep")},
    }
    assert changed(plan["time_sleep.this"]) == {"create_duration"}
    offline.run("apply", "plan")
    assert offline.state("time_offset.this")["minute"] == 6
    assert offline.plan() == {}


def test_drift(offline: Workspace) -> None:
    """A changed file is written again, and what has rotated is created again."""
    past = f"{datetime.now(UTC) - timedelta(days=2):%Y-%m-%dT%H:%M:%SZ}"
    rotating = {"this": {"rotation_days": 1, "rfc3339": past}}
    file = {"this": RESOURCES["local_file"] | {"content": "a"}}
    offline.apply(resource={"time_rotating": rotating, "local_file": file})
    (offline.folder / "made" / "a.txt").write_text("b")
    assert offline.actions() == {"time_rotating.this": ["create"], "local_file.this": ["create"]}


def test_archives_are_reproducible(offline: Workspace) -> None:
    """An archive depends on names, modes and contents only; a plan makes it, and knows its checksum."""
    source = offline.folder / "code"
    for name in ("a.py", "b/c.py", "b/d.pyc", "e/f.py"):
        (source / name).parent.mkdir(parents=True, exist_ok=True)
        (source / name).write_text(name)
    data = {
        "archive_file": {
            "all": {"type": "zip", "source_dir": "code", "output_path": "all.zip", "excludes": ["**/*.pyc", "e"]},
            "one": {"type": "zip", "source_file": "code/a.py", "output_path": "one.zip"},
            "text": {"type": "zip", "source_content": "x", "source_content_filename": "y", "output_path": "z/t.zip"},
        }
    }
    output = {"hash": {"value": "${data.archive_file.all.output_base64sha256}"}}
    offline.apply(data=data, output=output)
    with zipfile.ZipFile(offline.folder / "all.zip") as package:
        assert package.namelist() == ["a.py", "b/c.py"]
    content = (offline.folder / "all.zip").read_bytes()
    sha256 = base64.b64encode(hashlib.sha256(content).digest()).decode()
    assert offline.state("archive_file.all")["output_base64sha256"] == sha256
    assert offline.state("archive_file.all")["output_size"] == len(content)
    (source / "a.py").touch()
    (offline.folder / "all.zip").unlink()
    assert "No changes." in offline.run("plan")
    assert (offline.folder / "all.zip").read_bytes() == content
    assert "could not archive missing directory: gone" in offline.fails(
        "plan", data={"archive_file": {"this": {"type": "zip", "source_dir": "gone", "output_path": "a.zip"}}}
    )


def test_imports(offline: Workspace) -> None:
    """A value that was made elsewhere is imported."""
    ids = {"random_uuid.this": "aabbccdd-eeff-0011-2233-445566778899", "random_password.this": "p" * 24}
    uuid = {"random_uuid": {"this": {}}, "random_password": {"this": {"length": 24}}}
    assert offline.plan(resource=uuid, **imports(ids)) == {}


@pytest.mark.parametrize(
    ("resource", "told"),
    [
        ({"random_password": {"this": {"length": 2, "min_lower": 3}}}, "`length` must be at least the sum"),
        ({"random_integer": {"this": {"min": 2, "max": 1}}}, "needs to be smaller than or equal to maximum"),
        ({"local_file": {"this": {"filename": "a", "content": "b", "source": "c"}}}, "only one of"),
    ],
)
def test_mistakes(offline: Workspace, resource: dict[str, Any], told: str) -> None:
    """The error says which argument is wrong."""
    assert told in offline.fails("apply", "-auto-approve", resource=resource)


def test_other_versions_of_the_bindings_are_served(mirror: Path) -> None:
    """The mirror has one version of each provider."""
    found = {path.parent.name for path in mirror.parent.glob("registry.terraform.io/hashicorp/*/*")}
    assert found == {"aws", "archive", "local", "null", "random", "time"}
