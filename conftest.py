"""Options, order and shared set-up of all tests.

unit             the handler, the settings, the build context      Python
snapshot, plan   the synthesized stacks, and what Terraform does  Terraform and the embedded cloud, as installed
image            both targets of the Containerfile                a Docker engine
e2e              deployments                                      a Docker engine and all of the above
ordinary         use by a user other than root                    the same, and root

`pytest tests/plan` runs one of them, `pytest -m "not docker"` those without an engine. Nothing is skipped: without an
engine, the tests that need one fail, also in CI.
"""

from __future__ import annotations

import os
import re
import signal
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import hypothesis
import psutil
import pytest

from cdktf_fast_synth.inject import cdktf_fast_synth_bindings
from terraform_standins.serving.fork_server import ForkServer

QUICK = ("unit", "snapshot", "plan", "image")
# The slowest files, in order of their time: start them first, since the run ends with the last one.
# Those of e2e share a deployment, which the first leave as it is, and the last destroys. Files in TOGETHER begin with
# the first of them.
LONG = (
    *("e2e/test_debugger.py", "e2e/test_answers.py", "e2e/test_images.py", "e2e/test_commands.py"),
    *("e2e/test_convergence.py", "e2e/test_promotion.py", "e2e/test_releases.py", "e2e/test_signing.py"),
    *("e2e/test_command_line.py", "e2e/test_settings.py"),
    "providers/test_records.py",
    *("examples/test_examples.py", "ordinary/test_ordinary_user.py", "terrain/test_example.py"),
    *("commands/test_team_state.py", "packages/test_wheels.py", "testing/test_readme.py", "testing/test_deployed.py"),
    *("commands/test_stopping.py", "commands/test_review.py", "testing/test_init.py", "testing/test_primitives.py"),
    *(
        "watch/test_watch.py",
        "commands/test_stages.py",
        "commands/test_states.py",
        "commands/test_faults.py",
        "terrain/test_move.py",
        "commands/test_mirrors.py",
        "fidelity/test_single_changes.py",
    ),
)
# Markers of tests that `make test` leaves out.
LONG_FORMS = ("bindings", "faults", "life", "hosts")
# Where tests of several files share a deployment, images or an embedded cloud: they run in one process.
TOGETHER = (
    "tests/e2e/",
    "tests/plan/",
    "tests/image/",
    "packages/terraform-standins/tests/fidelity/",
    "packages/terraform-standins/tests/providers/",
)
# The beginnings of long tests that share nothing with others of their files.
ALONE = (
    *("tests/examples/", "packages/cdktf-harness/tests/commands/test_team_state.py"),
    *(f"packages/cdktf-harness/tests/testing/test_{name}.py" for name in ("init", "readme")),
)

# Constructs are imported by tests, too: without this, each process of a run imports all 2,200 modules of the bindings.
cdktf_fast_synth_bindings.install()

# A run must not fail by chance: it tries the same examples each time. A busy machine must not fail a test, and nothing
# is left in the checkout.
hypothesis.settings.register_profile(
    "repeated",
    derandomize=True,
    deadline=None,
    database=None,
    max_examples=60,
    suppress_health_check=[hypothesis.HealthCheck.too_slow],
)
hypothesis.settings.load_profile("repeated")


def pytest_configure() -> None:
    """Let tests interrupt the programs that they start, where this run ignores signals (`nohup make test &`).

    A program inherits that a signal is ignored, but not a handler. The run itself keeps ignoring the signal.
    """
    for number in (signal.SIGINT, signal.SIGHUP, signal.SIGQUIT):
        if signal.getsignal(number) is signal.SIG_IGN:
            signal.signal(number, lambda *_: None)


@pytest.fixture(scope="session", autouse=True)
def providers_forked() -> Iterator[None]:
    """Have the bundled providers of all programs that tests start forked from one process: 300 of them in a run."""
    with closing(ForkServer()) as server, pytest.MonkeyPatch.context() as patch:
        for name, value in server.variables.items():
            patch.setenv(name, value)
        yield


@pytest.fixture(scope="session", autouse=True)
def nothing_left(providers_forked: None, tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """Report an embedded cloud that no test stopped: it ends with this run, and its images stay in the engine."""
    yield
    # Imported late: it takes 0.1 s.
    from cdktf_harness.cloud.pid_file import MODULE

    own, left = tmp_path_factory.getbasetemp().resolve(), list[str]()
    for process in psutil.process_iter():
        # Others may end at the same time.
        with suppress(psutil.Error):
            if MODULE in process.cmdline() and Path(process.cwd()).is_relative_to(own):
                left.append(process.cwd())
    assert not left, f"embedded clouds that a test should stop: {', '.join(left)}"


@pytest.fixture(scope="session", autouse=True)
def deployed_meanwhile(request: pytest.FixtureRequest, nothing_left: None) -> Iterator[None]:
    """If one process runs all tests, deploy the app for plans while other tests run."""
    with ThreadPoolExecutor(1) as pool:
        plans = any(item.path.parent.name == "plan" for item in request.session.items)
        if plans and "PYTEST_XDIST_WORKER" not in os.environ:
            pool.submit(request.getfixturevalue("plan").deployed)
        yield


def pytest_addoption(parser: pytest.Parser) -> None:
    """Declare the option that reveals dependencies between tests."""
    parser.addoption("--reversed", action="store_true", help="run the files, and the tests of each, in reversed order")


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Distribute files, but those in `TOGETHER` as one, and tests of those in `ALONE` one by one."""
    from xdist.scheduler import LoadFileScheduling

    class Scheduling(LoadFileScheduling):  # type: ignore[misc]
        def _split_scope(self, nodeid: str) -> str:
            if nodeid.startswith(ALONE):
                return nodeid
            file = super()._split_scope(nodeid)
            return next((pattern for pattern in TOGETHER if re.match(pattern, file)), file)

    return Scheduling(config, log) if config.getoption("dist") == "loadfile" else None


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what takes long where it is not asked for; order the others.

    The quick rings come first, since their failures explain those of the slow ones; then the slowest files.
    """
    left_out = [name for name in LONG_FORMS if name not in config.option.markexpr]
    long = {item for item in items if any(map(item.get_closest_marker, left_out))}
    if long:
        config.hook.pytest_deselected(items=list(long))
        items[:] = [item for item in items if item not in long]

    def turn(item: pytest.Item) -> tuple[int, int]:
        ring, file = item.path.parent.name, f"{item.path.parent.name}/{item.path.name}"
        return (
            QUICK.index(ring) if ring in QUICK else len(QUICK),
            LONG.index(file) if file in LONG else len(LONG),
        )

    items.sort(key=turn)
    if config.getoption("reversed"):
        items.reverse()
