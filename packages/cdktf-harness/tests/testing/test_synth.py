"""Synthesized stacks as objects, and how assertions about them fail."""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path

import plain_app
import pytest

from cdktf_harness.project.project import Project
from cdktf_harness.pytest_plugin import ABSENT, Synthesizer
from cdktf_harness.synthesis.app import App, find_app
from cdktf_harness.system.errors import CommandFailed

from .conftest import APP


@pytest.fixture(scope="module")
def synth(tmp_path_factory: pytest.TempPathFactory) -> Synthesizer:
    """The tiny app's stacks."""
    return Synthesizer(find_app(APP), tmp_path_factory.mktemp("synth"))


def test_a_resource_is_found_by_path_and_by_type(synth: Synthesizer) -> None:
    """Without the stack's name and the hash of the logical id."""
    logs = synth["logs"]
    (group,) = logs.resources("aws_cloudwatch_log_group")
    assert group == logs.resource("app/group") == logs.resource("logs/app/group") == logs.resource(group.type)
    assert group.address.startswith("aws_cloudwatch_log_group.app_group_")
    name, _, line = synth["access"].resource("writer/role").source.partition(":")
    assert name == "main.py"
    assert '"role", "aws_iam_role"' in (APP / name).read_text().splitlines()[int(line) - 1]


def test_a_stack_has_outputs_providers_and_data_sources(synth: Synthesizer) -> None:
    """Outputs are named by their path, without the hash that CDKTF appends."""
    assert synth["logs"].output("app/name") == f"${{{synth['logs'].resource('app/group').address}.name}}"
    synth["access"].provider("aws").assert_has(region="eu-central-1", profile=ABSENT)
    assert synth["access"].data_source("terraform_remote_state")["backend"] == "local"
    # That an Aspect adds.
    assert [block.get("tags.App") for stack in synth.values() for block in stack.resources()] == ["tiny", "tiny", None]


def test_other_settings_give_other_stacks(synth: Synthesizer) -> None:
    """The same settings are synthesized once; other settings do not change the first stacks."""
    assert synth(days=30) is synth({"days": 30})
    assert synth(days=30)["logs"].resource("app/group")["retention_in_days"] == 30
    synth["logs"].resource("app/group").assert_has(
        {"tags.App": "tiny", "name": re.compile("/.*/app"), "retention_in_days": 7}
    )


def test_a_failed_assertion_shows_each_difference(synth: Synthesizer) -> None:
    """Construct path, file, argument, expected and actual value."""
    with pytest.raises(AssertionError) as failure:
        synth["logs"].resource("app/group").assert_has(retention_in_days=14, tags={"App": "huge"}, kms_key_id="key")
    first, *others = str(failure.value).splitlines()
    assert re.fullmatch(r"logs/app/group \(aws_cloudwatch_log_group\.app_group_\w+, main\.py:\d+\)", first)
    assert others == [
        "  retention_in_days: expected 14, is 7",
        '  tags.App: expected "huge", is "tiny"',
        '  kms_key_id: expected "key", is ABSENT',
    ]


def test_a_missing_name_lists_the_existing_ones(synth: Synthesizer) -> None:
    """Of stacks, resources, arguments and outputs."""
    with pytest.raises(AssertionError, match="no stack 'log', only logs, access"):
        synth["log"]
    with pytest.raises(AssertionError, match=r"expected one resource 'app/log', found 0; it has\n  logs/app/gr"):
        synth["logs"].resource("app/log")
    with pytest.raises(AssertionError, match="has no 'retention'; it has name, retention_in_days, tags"):
        synth["logs"].resource("app/group")["retention"]
    with pytest.raises(AssertionError, match="no output 'name'; it has app/name"):
        synth["logs"].output("name")


def test_the_environment_of_the_shell_is_ignored(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Its context, AWS settings and output folder do not change a synthesis."""
    monkeypatch.setenv("CDKTF_CONTEXT_JSON", '{"name": "other", "days": 1}')
    monkeypatch.setenv("CDKTF_OUTDIR", str(tmp_path / "elsewhere"))
    assert Synthesizer(find_app(APP), tmp_path)["logs"].resource("app/group")["name"] == "/tiny/app"
    assert not (tmp_path / "elsewhere").exists()


def test_the_app_gets_the_input_of_cdktfs_command_line(tmp_path: Path) -> None:
    """Its context, and the modules in its folder, without which it cannot use one."""
    described = {"language": "python", "app": "python main.py", "terraformModules": ["./part", "far/away/aws@1.0"]}
    (tmp_path / "cdktf.json").write_text(json.dumps({**described, "context": {"name": "near"}}))
    (tmp_path / "pyproject.toml").write_text('[tool.cdktf-harness]\nstacks = ["all"]\nsettings_prefix = "TINY_"\n')
    (tmp_path / "part").mkdir()
    (tmp_path / "part" / "main.tf").write_text('output "said" { value = "hello" }\n')
    (tmp_path / "main.py").write_text(
        "from cdktf import App, TerraformHclModule, TerraformStack\n"
        "app = App()\n"
        "stack = TerraformStack(app, 'all')\n"
        "TerraformHclModule(stack, app.node.get_context('name'), source='./part')\n"
        "app.synth()\n"
    )
    stack = Synthesizer(find_app(tmp_path), tmp_path / "synth")["all"]
    source = stack.document["module"]["near"]["source"]
    assert (stack.folder / source / "main.tf").is_file()


def test_stock_imports_can_be_requested(monkeypatch: pytest.MonkeyPatch) -> None:
    """No other variable of CDKTF's command line or of this package changes a synthesis."""
    for name in ("CDKTF_FAST_SYNTH", "CDKTF_HARNESS_STATES", "CDKTF_LOG_LEVEL"):
        monkeypatch.setenv(name, "1")
    kept = find_app(APP).clean_environment()
    assert {name for name in kept if name.startswith("CDKTF_")} == {"CDKTF_FAST_SYNTH"}


def test_a_copy_has_all_sources_of_the_app(tmp_path: Path) -> None:
    """With generated bindings, which git ignores, and without a virtual environment, whatever its name."""
    for name in ("app/cdktf.json", "app/pyproject.toml", "app/.gen/aws.py", "app/my env/pyvenv.cfg", "copy/old"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "app/.gitignore").write_text(".gen\n")
    os.mkfifo(tmp_path / "app/fifo")
    (tmp_path / "app/link").symlink_to("nowhere")
    App(Project(root=tmp_path / "app", context={}, stacks=())).copy(tmp_path / "copy")
    copied = {str(path.relative_to(tmp_path / "copy")) for path in (tmp_path / "copy").rglob("*") if not path.is_dir()}
    assert copied == {"cdktf.json", "pyproject.toml", ".gitignore", ".gen/aws.py", "link"}


@pytest.mark.parametrize(
    ("command", "table"),
    [
        ("pipenv run python main.py", ""),
        ("poetry run python3.9 ./main.py", ""),
        ("uv run --frozen main.py", ""),
        (".venv/bin/python main.py", "root = '..'\n"),
    ],
)
def test_an_app_runs_in_this_environment_with_the_files_beside_it(command: str, table: str, tmp_path: Path) -> None:
    """Whatever tool its author has. A copy has the git repository, or `root`, without the folders of tools."""
    main = "synth({'x': {'output': {'x': {'value': open('../function/code.py').read() + __import__('sys').prefix}}}})\n"
    files = {
        **{f"repository/infra/{name}": text for name, text in plain_app.files(main).items()},
        "repository/infra/cdktf.json": f'{{"app": "{command}"}}',
        "repository/infra/pyproject.toml": f"[tool.cdktf-harness]\n{table}",
        "repository/function/code.py": "code ",
        "repository/.tool/state": "",
        ("outside" if table else "repository") + "/.git/HEAD": "",
    }
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(content)
    copy = find_app(tmp_path / "repository" / "infra").copy(tmp_path / "first").copy(tmp_path / "copy")
    synthesis = copy.synthesize(tmp_path / "out", env=copy.clean_environment())
    assert synthesis["x"].output("x") == f"code {sys.prefix}"
    assert {path.name for path in (tmp_path / "copy").iterdir()} == {"infra", "function"}
    assert {path.name for path in copy.root.iterdir()} - {"__pycache__"} == {
        *("main.py", "plain_app.py", "cdktf.json", "pyproject.toml")
    }


def test_a_killed_synthesis_leaves_its_temporary_files_to_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They are beside the synthesized stacks: those of the app, and what jsii unpacks."""
    monkeypatch.setenv("TMPDIR", str(tmp_path / "unused"))
    app = find_app(APP).copy(tmp_path / "app")
    kill = "import os, tempfile; tempfile.mkstemp(); os.system(f'pkill -9 -P {os.getpid()}'); os.kill(os.getpid(), 9)"
    app.edit("main.py", "\napp.synth()\n", f"\n{kill}\n")
    with pytest.raises(CommandFailed):
        app.synthesize(tmp_path / "out", env=app.clean_environment())
    left = [path for path in (tmp_path / "out.tmp").glob("**/*") if path.is_file()]
    assert any("bin" in path.parts for path in left)
    app.edit("main.py", kill, "app.synth()")
    app.synthesize(tmp_path / "out", env=app.clean_environment())
    assert not any(path.exists() for path in left)
