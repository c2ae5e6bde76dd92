"""Errors of the set-up: the output of the failed program, and what to do."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from http_server import Response, serving

from checkout import PROJECT
from terraform_standins.protocol import tls

# Variables that change the index of pip and npm.
HIDDEN = ("PIP_", "UV_", "NPM_", "NODE_", "PIPENV_", "VIRTUAL_ENV", "MAKE", "MFLAGS", "CDKTF_HARNESS_", "SSL_CERT")


@pytest.fixture
def clone(tmp_path: Path) -> Path:
    """This project, not set up yet."""
    for name in ("Makefile", ".npmrc", "package.json", "package-lock.json", "Pipfile.lock"):
        shutil.copy2(PROJECT / name, tmp_path)
    shutil.copytree(PROJECT / ".ci", tmp_path / ".ci")
    return tmp_path


@pytest.fixture
def index(tmp_path: Path) -> Iterator[str]:
    """The URL of a package index with a certificate that is not trusted."""
    pem = tls.create()
    (tmp_path / "pem").write_bytes(pem.key + pem.certificate)
    with serving(lambda _: Response(), tmp_path / "pem") as port:
        yield f"https://localhost:{port}/simple"


def start(root: Path, *command: str, **env: str) -> subprocess.Popen[str]:
    """Start a command of the set-up."""
    inherited: Mapping[str, str] = {name: text for name, text in os.environ.items() if not name.startswith(HIDDEN)}
    return subprocess.Popen(
        command, cwd=root, env={**inherited, **env}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )


def set_up(clone: Path, case: str) -> tuple[str, ...]:
    """Return the command of the set-up with a python3 that has this case of a shell for its arguments."""
    (clone / "python3").write_text(f'#!/bin/sh\ncase "$*" in {case} ;; esac\nexec \'{sys.executable}\' "$@"\n')
    (clone / "python3").chmod(0o755)
    # A variable of make's command line wins over the Makefile's own.
    return "make", "environment", f"PATH={clone}:{os.environ['PATH']}"


def fails(root: Path, *command: str, **env: str) -> list[str]:
    """Run a command that must fail, and return the lines that it prints."""
    process = start(root, *command, **env)
    said, _ = process.communicate()
    assert process.returncode != 0, said
    return said.splitlines()


PROXY = (
    "a proxy replaces certificates by its own: "
    "set PIP_CERT, SSL_CERT_FILE and NODE_EXTRA_CA_CERTS to a file with its CA"
)


@pytest.mark.parametrize(
    ("elsewhere", "printed", "advice"),
    [
        ("", "invalid peer certificate", PROXY),
        (
            "http://127.0.0.1:1/simple",
            "onnection refused",
            "connect to the network, or set HTTPS_PROXY, then run it again",
        ),
    ],
)
def test_a_package_index_that_cannot_be_read_is_reported(
    clone: Path, index: str, elsewhere: str, printed: str, advice: str
) -> None:
    """After the program's own output; for a proxy with the variables that the programs of the set-up read."""
    uv = (sys.executable, ".ci/uv", "pip", "install", "--python", sys.executable, "pipenv==0")
    lines = fails(
        clone,
        ".ci/quietly",
        "installing it",
        *uv,
        PIP_INDEX_URL=elsewhere or index,
        UV_HTTP_RETRIES="0",
        UV_NO_CACHE="1",
    )
    assert any(printed in line for line in lines), lines
    assert lines[-1] == f"error: installing it failed: {advice}"


@pytest.mark.skipif(os.geteuid() != 0, reason="needs root to mount a small disk")
def test_a_full_disk_is_reported(clone: Path) -> None:
    """Also if the program that failed does not print that, as venv does not."""
    small = f'mount -t tmpfs -o size=1m none {clone / "tmp"}; cd {clone / "tmp"}; exec "$@"'
    (clone / "tmp").mkdir()
    alone = ("unshare", "--mount", "sh", "-ec", small, "sh")
    lines = fails(clone, *alone, str(clone / ".ci" / "quietly"), "making it", "false")
    assert lines[-1] == "error: making it failed: free some disk space: the project needs 5 GB"


def test_npm_runs_no_code_from_a_shared_folder(clone: Path) -> None:
    """By itself it keeps what it has compiled in the folder for temporary files, where another user may be first."""
    npm, shared = PROJECT / ".venv" / "bin" / "npm", clone / "tmp"
    shared.mkdir()
    lines = fails(clone, *set_up(clone, f"'-m venv'*) '{npm}' root; exit 1"), TMPDIR=str(shared))
    assert str(clone / "node_modules") in lines
    assert list(shared.iterdir()) == []


def test_a_python_without_venv_is_told_where_nothing_may_be_installed(clone: Path) -> None:
    """Root on Debian, too, with the variable of the harness."""
    lines = fails(clone, *set_up(clone, "*ensurepip*) exit 1"), CDKTF_HARNESS_INSTALL="0")
    assert "error: python3 has no venv module: install it (apt-get install python3-venv)" in lines


def test_a_second_set_up_waits_for_the_first(clone: Path) -> None:
    """Both would write the same files."""
    os.mkfifo(clone / "go_on")
    command = set_up(clone, "'-m venv'*) read -r _ <go_on; exit 1")
    first = start(clone, *command)
    # Opening it waits until the step reads it.
    with (clone / "go_on").open("w"), start(clone, *command) as second:
        assert second.stdout
        line = second.stdout.readline()
        second.terminate()
    assert "error: making .venv failed" in first.communicate()[0]
    assert line == "Another command sets this folder up: waiting for its end\n"


def environment(root: Path) -> Path:
    """Make a virtual environment with a package and a program, as pip installs them, in the folder `root`."""
    venv = root / ".venv"
    # Not with this environment's python: that of the system outlives a move.
    subprocess.run([os.path.realpath(sys.executable), "-m", "venv", "--without-pip", venv], check=True)
    (packages,) = venv.glob("lib/*/site-packages")
    (root / "source/cdktf_harness/commands").mkdir(parents=True)
    (root / "source/cdktf_harness/commands/entry.py").write_text("def main():\n    raise SystemExit(1)\n")
    (packages / "__editable__.pth").write_text(f"{root}/source\n")
    (packages / "other-1.dist-info").mkdir()
    (packages / "other-1.dist-info/RECORD").write_text("other.py,sha256=x,4\n__editable__.pth,sha256=x,1\n")
    (packages / "other.py").write_text("1234")
    (venv / "bin/tool").write_text(f"#!{venv}/bin/python\nimport cdktf_harness\nprint(cdktf_harness.__path__)\n")
    (venv / "bin/tool").chmod(0o755)
    (venv / "bin/node").symlink_to(packages / "other.py")
    for made in ("bin/uv", ".installed", ".ready"):
        (venv / made).touch()
    return venv


def test_a_moved_environment_is_repaired(clone: Path) -> None:
    """Its programs, links and packages are those of the new folder; nothing is installed again."""
    tool = environment(clone) / "bin/tool"
    time = tool.stat().st_mtime_ns
    moved = clone.rename(clone.with_name("moved"))
    process = start(moved, "make", "local-get")
    said, _ = process.communicate()
    tool = moved / ".venv/bin/tool"
    assert subprocess.check_output([tool], text=True) == f"_NamespacePath(['{moved}/source/cdktf_harness'])\n", said
    assert tool.stat().st_mtime_ns == time
    assert (moved / ".venv/bin/node").read_text() == "1234"


def test_a_damaged_environment_is_named(clone: Path) -> None:
    """In the last line, with what repairs it; a failure of a command in a whole one is no damage."""
    venv = environment(clone)
    command = (str(venv / "bin/python"), ".ci/harness", "status")
    repair = "run `make clean`, then this command again"
    assert fails(clone, *command) == []
    (file,) = venv.glob("lib/*/site-packages/other.py")
    file.write_text("")
    assert fails(clone, *command) == [f"error: .venv is damaged (other.py): {repair}"]
    file.write_text("1234")
    # Not readable, as a file of root is for another user.
    (file.parent / "unreadable-1.dist-info/RECORD").mkdir(parents=True)
    assert fails(clone, *command) == []
    shutil.rmtree(clone / "source")
    assert fails(clone, *command) == [f"error: .venv is damaged (No module named 'cdktf_harness'): {repair}"]
    for python in venv.glob("bin/python*"):
        python.unlink()
    said = fails(clone, "make", "local-get")
    assert said[0] == "error: .venv is damaged: run `make clean`, then `make local-get` again"
