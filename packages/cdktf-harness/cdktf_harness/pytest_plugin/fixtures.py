"""The fixtures of the plugin; slow imports are in the fixtures."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from cdktf_harness.pytest_plugin.options import KEPT, app_folder, keeps

if TYPE_CHECKING:
    from syrupy.assertion import SnapshotAssertion

    from cdktf_harness.checks.checkov import Checks
    from cdktf_harness.docker.engine import Engine
    from cdktf_harness.pytest_plugin.convergence import Converges
    from cdktf_harness.pytest_plugin.deployment import Deployed
    from cdktf_harness.pytest_plugin.planner import Planner
    from cdktf_harness.synthesis.app import App, Settings
    from cdktf_harness.synthesis.synthesizer import Synthesizer


@pytest.fixture(scope="session")
def cdktf_app(pytestconfig: pytest.Config) -> App:
    """The app under test; `cdktf_app.copy(folder)` is one to edit."""
    from cdktf_harness.synthesis.app import find_app

    return find_app(app_folder(pytestconfig))


@pytest.fixture(scope="session")
def synth(cdktf_app: App, tmp_path_factory: pytest.TempPathFactory) -> Synthesizer:
    """The synthesized stacks by name (`synth["api"]`); with other settings: `synth(memory_mb=256)["api"]`.

    Each combination of settings is synthesized once per run.
    """
    from cdktf_harness.synthesis.synthesizer import Synthesizer

    return Synthesizer(cdktf_app, tmp_path_factory.mktemp("synth"))


@pytest.fixture(scope="session")
def checks(cdktf_app: App, synth: Synthesizer) -> Checks:
    """What checkov finds: `checks().assert_clean()` in all stages, `checks(memory_mb=256)` with other settings.

    Skipped without checkov's environment.
    """
    from cdktf_harness.checks.checkov import Checks, python
    from cdktf_harness.system.errors import HarnessError

    try:
        python(cdktf_app.project)
    except HarnessError as error:
        pytest.skip(str(error))
    return Checks(synth)


@pytest.fixture
def stack_snapshot(request: pytest.FixtureRequest) -> SnapshotAssertion:
    """Compare a synthesized stack with its reviewed JSON file: `assert synth["api"] == stack_snapshot`.

    A snapshot of [syrupy](https://github.com/syrupy-project/syrupy), one file per case, without paths, versions and
    hashes; `--snapshot-update` accepts a change.
    """
    from cdktf_harness.pytest_plugin.snapshot import StackSnapshot

    snapshot: SnapshotAssertion = request.getfixturevalue("snapshot")
    return snapshot.use_extension(StackSnapshot)


@pytest.fixture(scope="session")
def plan(cdktf_app: App, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Planner]:
    """A plan by real Terraform: `plan("api")` of a first deployment, `plan.changed(memory_mb=256)` of a change.

    It needs no Docker engine.
    """
    from cdktf_harness.pytest_plugin.planner import Planner
    from cdktf_harness.system.progress import Steps

    planner = Planner(cdktf_app, tmp_path_factory.mktemp("plan"), Steps(quiet=True))
    try:
        yield planner
    finally:
        planner.close()


@pytest.fixture(scope="session")
def docker_engine() -> Engine:
    """A running Docker engine; it is started if possible."""
    from cdktf_harness.docker.engine import ensure_engine

    return ensure_engine()


@pytest.fixture(scope="session")
def deployment_settings() -> Settings:
    """The settings of `deployment`; override this fixture in a `conftest.py` to change the app's own."""
    return {}


@pytest.fixture(scope="session")
def deployment(
    cdktf_app: App,
    deployment_settings: Settings,
    tmp_path_factory: pytest.TempPathFactory,
    pytestconfig: pytest.Config,
) -> Iterator[Deployed]:
    """The app, deployed once per run to an embedded cloud, or with `--cdktf-aws` to AWS, and removed at the end."""
    from cdktf_harness.pytest_plugin.aws_deployment import deployed_on_aws
    from cdktf_harness.pytest_plugin.deployment import Deployed
    from cdktf_harness.pytest_plugin.kept import how_to_reach, kept_deployment

    keep, number = keeps(pytestconfig), pytestconfig.getoption("cdktf_aws")
    with ExitStack() as stack:
        deployed: Deployed
        if number:
            deployed = stack.enter_context(deployed_on_aws(cdktf_app, number, deployment_settings))
        elif keep:
            deployed = stack.enter_context(kept_deployment(cdktf_app, deployment_settings))
        else:
            folder = tmp_path_factory.mktemp("deployment")
            deployed = Deployed(cdktf_app, folder, settings=deployment_settings)
            stack.callback(deployed.down)
        if "deploy" in pytestconfig.getoption("cdktf_skip") and not number:
            deployed.resume()
        else:
            deployed.up()
        if keep and not number:
            pytestconfig.stash[KEPT] = how_to_reach(deployed)
        yield deployed


@pytest.fixture
def new_deployment(cdktf_app: App, tmp_path: Path) -> Iterator[Callable[..., Deployed]]:
    """Deploy the app to a cloud of this test: `new_deployment(stage="test")`; removed at the end."""
    from cdktf_harness.pytest_plugin.deployment import Deployed

    numbers = itertools.count()
    with ExitStack() as stack:

        def new(settings: Settings | None = None, /, **more: Any) -> Deployed:
            folder = tmp_path / f"deployment-{next(numbers)}"
            deployed = Deployed(cdktf_app, folder, settings={**(settings or {}), **more})
            stack.callback(deployed.down)
            deployed.up()
            return deployed

        yield new


@pytest.fixture
def assert_converges(new_deployment: Callable[..., Deployed]) -> Converges:
    """Assert that the app deploys, that a second plan is empty, and that a destroy leaves nothing.

    `assert_converges(memory_mb=256)` deploys to a new cloud, `assert_converges(deployment=deployment)` uses that one.
    """
    from cdktf_harness.pytest_plugin.convergence import Converges

    return Converges(new_deployment)


@pytest.fixture
def assert_same_after(plan: Planner, tmp_path: Path) -> Callable[[Callable[[App], object]], None]:
    """Assert that a refactoring changes nothing that is deployed: `assert_same_after(lambda app: app.edit(...))`.

    The function edits a copy of the app. Resources that `move_from_id` and the like keep under another path pass.
    """
    from cdktf_harness.synthesis import inspection

    def assert_same(edit: Callable[[App], object]) -> None:
        __tracebackhide__ = True
        app = plan.app.copy(tmp_path / "edited")
        edit(app)
        with inspection.turned(False):
            plan.changed_to(plan.deployed().synthesize({}, app)).assert_empty()

    return assert_same
