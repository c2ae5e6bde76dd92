"""The recorded stacks, created once in an embedded cloud, and the summary of the comparison."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest
from providers.running import Running
from providers.workspace import REGION, environment

from cdktf_harness.cloud import Cloud
from terraform_standins.serving.mirror import write_mirror

from .adapted import STACKS, edit, stack
from .facts import Facts
from .ledger import ACCOUNT
from .recorded import Json
from .single_changes import batches, of_case, plan_facts
from .single_edits import edits
from .stacks import Stack, Stacks

HERE = Path(__file__).parent
# Concurrent plans of single changes.
_AT_ONCE = 2


@pytest.hookimpl(wrapper=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> Iterator[None]:
    """Keep the order of these files, with --reversed too: a recording goes step by step; the list is checked last.

    The life changes what the others compare.
    """
    ours = [item for item in items if item.path.parent == HERE]
    yield
    files = {item.path: number for number, item in reversed(list(enumerate(items)))}
    # Without those that have been deselected.
    left = set(items)
    turn = {path: (path.name == "test_life.py", number) for path, number in files.items()}
    in_order = iter(sorted((item for item in ours if item in left), key=lambda item: turn[item.path]))
    items[:] = [next(in_order) if item.path.parent == HERE else item for item in items]


@pytest.fixture(scope="session")
def fidelity_cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cloud]:
    """An embedded cloud."""
    with Cloud(tmp_path_factory.mktemp("cloud"), REGION).start() as cloud:
        yield cloud


@pytest.fixture(scope="session")
def fidelity_env(fidelity_cloud: Cloud, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Terraform's environment."""
    mirror = write_mirror(tmp_path_factory.mktemp("mirror"))
    env = environment(mirror, fidelity_cloud.url, fidelity_cloud.credentials)
    # One of the recorded errors is that no region is named.
    return {name: value for name, value in env.items() if name != "AWS_REGION"}


@pytest.fixture(scope="session")
def fidelity_terraform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """Terraform and providers that stay up."""
    with closing(Running(tmp_path_factory.mktemp("terraform"))) as terraform:
        yield terraform


class Created:
    """The stacks right after their creation."""

    def __init__(self, folder: Path, env: dict[str, str], terraform: Running) -> None:
        self.stacks = Stacks(folder / "stacks", env, terraform)
        self.plans: dict[str, Json] = {}
        self.states: dict[str, dict[str, Json]] = {}
        for name in STACKS:
            self.plans[name] = self.stacks[name].plan(stack(name))
            events = self.stacks[name].apply()
            errors = [e["diagnostic"] for e in events if e["type"] == "diagnostic"]
            assert not errors
            self.states[name] = self.stacks[name].state()


@pytest.fixture(scope="session")
def fidelity_aws(fidelity_cloud: Cloud) -> Callable[[str], Any]:
    """boto3 clients of the embedded cloud."""
    return fidelity_cloud.client


@pytest.fixture(scope="session")
def created(
    fidelity_env: dict[str, str], fidelity_terraform: Running, tmp_path_factory: pytest.TempPathFactory
) -> Created:
    """The stacks right after their creation; tests must not change them, nor the cloud, but for the last file."""
    return Created(tmp_path_factory.mktemp("created"), fidelity_env, fidelity_terraform)


@pytest.fixture
def empty(fidelity_env: dict[str, str], fidelity_terraform: Running, tmp_path: Path) -> Stack:
    """An empty folder, for the embedded cloud."""
    return Stack(tmp_path / "stack", fidelity_env, fidelity_terraform)


@pytest.fixture(scope="session")
def single_plans(created: Created, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Facts]:
    """What is planned for every recorded single change, by its name."""
    folder = tmp_path_factory.mktemp("single")
    for name in STACKS:
        created.stacks[name].plan(stack(name), "-refresh-only")
    free: SimpleQueue[Stacks] = SimpleQueue()
    with ExitStack() as running, ThreadPoolExecutor(_AT_ONCE) as pool:
        for number in range(_AT_ONCE):
            terraform = running.enter_context(closing(Running(folder)))
            stacks = created.stacks.copy(folder / str(number), terraform)
            for name in STACKS:
                stacks[name].run("apply", "-input=false", "plan.bin")
            free.put(stacks)

        def plan(batch: list[str]) -> dict[str, Facts]:
            name = batch[0].split(":")[0]
            config = stack(name)
            edited = {path: value for case in batch for path, value in (edits(case, config) or {}).items()}
            stacks = free.get()
            try:
                # The cloud has not changed since; only without default tags does a refresh find something else.
                options = () if "block removed" in batch[0] and "default_tags" in batch[0] else ("-refresh=false",)
                facts = plan_facts(stacks[name].plan(edit(config, edited), *options))
                return {case: of_case(case, batch, facts) for case in batch}
            finally:
                free.put(stacks)

        return {case: facts for planned in pool.map(plan, batches()) for case, facts in planned.items()}


def pytest_terminal_summary(terminalreporter: Any) -> None:
    """Print how much was compared."""
    if ACCOUNT.compared:
        compared, differ = sum(ACCOUNT.compared.values()), sum(map(len, ACCOUNT.differences.values()))
        parts = ", ".join(f"{name} {count}" for name, count in ACCOUNT.compared.items())
        terminalreporter.write_line(
            f"fidelity: {compared} attributes compared ({parts}); {differ} differ, "
            f"by {len(ACCOUNT.met)} entries of differences.toml"
        )
