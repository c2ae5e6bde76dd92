"""Providers that are forked are as those that are started, and a fork server that has ended is not missed."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import psutil
import pytest

from terraform_standins.serving.fork_server import ForkServer
from terraform_standins.serving.kept import KeptProviders
from terraform_standins.waiting import poll

SECONDS = 60


@pytest.fixture
def server() -> Iterator[ForkServer]:
    """A fork server that a test may close; this process has another one, whose variables are in its environment."""
    with closing(ForkServer()) as server:
        yield server


def process(kept: KeptProviders) -> psutil.Process:
    """The process that serves."""
    return psutil.Process(next(iter(json.loads(kept.address).values()))["Pid"])


def test_each_has_the_folder_and_the_environment_that_it_was_asked_for(tmp_path: Path) -> None:
    """They are processes of their own, whose sockets are beside the plug-ins of their deployment."""
    (tmp_path / "stack").mkdir()
    env = {**os.environ, "TF_PLUGIN_CACHE_DIR": str(tmp_path / "plugins")}
    with closing(KeptProviders(tmp_path / "stack", env)) as one, closing(KeptProviders(tmp_path, env)) as other:
        assert process(one).cwd() == str(tmp_path / "stack")
        assert process(one).ppid() == process(other).ppid()
        assert process(one) != process(other)
        sockets = [provider["Addr"]["String"] for provider in json.loads(one.address).values()]
        assert all(Path(socket).is_relative_to(tmp_path) for socket in sockets)
    assert list(tmp_path.iterdir()) == [tmp_path / "stack"]


def test_they_end_with_what_asked_for_them_and_not_with_the_server(server: ForkServer, tmp_path: Path) -> None:
    """A Terraform that works outlives the command that started it."""
    kept = KeptProviders(tmp_path, {**os.environ, **server.variables})
    forked = process(kept)
    server.close()
    assert forked.is_running()
    kept.close()
    assert poll(lambda: not forked.is_running(), SECONDS)


def test_providers_are_started_where_the_server_has_ended(server: ForkServer, tmp_path: Path) -> None:
    """As one whose owner has ended, in a shell that has its environment."""
    server.close()
    with closing(KeptProviders(tmp_path, {**os.environ, **server.variables})) as kept:
        assert process(kept).ppid() == os.getpid()


def test_a_server_whose_owner_is_killed_leaves_nothing(tmp_path: Path) -> None:
    """Neither its process nor the folder of its socket."""
    program = (
        "import sys, signal; from pathlib import Path; from terraform_standins.serving.fork_server import ForkServer; "
        "server = ForkServer(Path(sys.argv[1])); print(server._process.pid, flush=True); signal.pause()"
    )
    with subprocess.Popen([sys.executable, "-c", program, tmp_path], stdout=subprocess.PIPE, text=True) as owner:
        assert owner.stdout
        server = psutil.Process(int(owner.stdout.readline()))
        assert any(tmp_path.iterdir())
        owner.kill()
    assert poll(lambda: not server.is_running() and not any(tmp_path.iterdir()), SECONDS)


def test_providers_are_started_where_a_start_would_load_other_libraries(tmp_path: Path) -> None:
    """A fork has those of its parent."""
    with closing(KeptProviders(tmp_path, {**os.environ, "LD_LIBRARY_PATH": str(tmp_path)})) as kept:
        assert process(kept).ppid() == os.getpid()


@pytest.mark.skipif(os.getuid() != 0 or not shutil.which("unshare"), reason="needs root and unshare")
def test_providers_of_another_network_are_started_there() -> None:
    """The socket of the server is found in any network namespace; a fork would not reach the cloud of that one."""
    program = "import os; from terraform_standins.serving import fork_server; print(fork_server.connected(os.environ))"
    for before, end in ([], "raddr="), (["unshare", "--net"], "None\n"):
        done = subprocess.run([*before, sys.executable, "-c", program], capture_output=True, text=True, check=True)
        assert end in done.stdout
