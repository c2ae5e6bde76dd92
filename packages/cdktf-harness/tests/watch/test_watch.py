"""Edits of an app while `watch` runs."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator

import pytest
from commands.running import Command, at_work, succeed, until

from cdktf_harness.docker.engine import Engine

from .watching import CDKTF_MAIN, FILES, MAIN, Watching, cycle


@pytest.fixture(scope="module")
def command(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Watching]:
    """The command that the tests share."""
    command = Watching(tmp_path_factory.mktemp("watch").resolve(), PYTHONDONTWRITEBYTECODE="")
    try:
        yield command
    finally:
        command.command.interrupt()
        command.command.wait()
        succeed(command.root, "down")


@pytest.fixture
def watching(command: Watching) -> Watching:
    """The running command, with the app restored to FILES."""
    command.begin()
    return command


def days(watching: Watching) -> str:
    """The output of the deployment, as other commands read it."""
    outputs = json.loads((watching.root / ".cdktf-harness/local/outputs.json").read_text())
    return str(outputs["logs"]["days"])


def test_a_changed_setting_is_deployed(watching: Watching) -> None:
    """One line shows the file, the parts with their times, and Terraform's counts; the outputs are the new ones."""
    said = watching.edit("cdktf.json", FILES["cdktf.json"].replace("3", "5"))
    assert "cdktf.json: synth " in said
    assert "(1 changed)" in said
    assert days(watching) == "5"


def test_two_edits_within_a_second_are_both_deployed(watching: Watching) -> None:
    """Python would use the bytecode of an edit of the same size."""
    assert "(1 added, 1 destroyed)" in watching.edit("parts/names.py", 'NAME = "six"\n')
    modified = (watching.root / "parts/names.py").stat().st_mtime
    assert "(1 added, 1 destroyed)" in watching.edit("parts/names.py", 'NAME = "ten"\n', modified=modified)


def test_an_edit_is_deployed_that_another_module_has_imported(watching: Watching) -> None:
    """The process that waits has imported the other one, and with it the old module of the app."""
    imports = watching.root / "imports.log"
    watching.edit("lib/plug.py", FILES["lib/plug.py"] + f'open({str(imports)!r}, "a").write(".")\n')
    watching.edit("shared.py", "from plug import NAME\n")
    until(lambda: imports.read_text() == "..", "import in advance")
    assert "(1 added, 1 destroyed)" in watching.edit("parts/names.py", 'NAME = "two"\n')
    assert "(1 added, 1 destroyed)" in watching.edit("lib/plug.py", 'NAME = "four"\n')


def test_an_app_that_a_shell_starts_is_synthesized_after_an_edit(watching: Watching) -> None:
    """It cannot be started in advance."""
    (watching.root / "app.sh").write_text("python main.py\n")
    watching.edit("cdktf.json", FILES["cdktf.json"].replace("python main.py", "sh app.sh"), r"^✓ .*cdktf\.json")
    for name in ("two", "four"):
        assert "(1 added, 1 destroyed)" in watching.edit("parts/names.py", f'NAME = "{name}"\n')


def test_a_folder_that_was_recreated_is_watched(watching: Watching) -> None:
    """As by a change of the branch in Git and back."""
    parts, beside = watching.root / "parts", watching.root.with_suffix(".parts")
    shutil.copytree(parts, beside)
    start = len(watching.command.lines)
    shutil.rmtree(parts)
    beside.rename(parts)
    watching.command.await_line(cycle("parts"), start)
    for name in ("two", "four"):
        # The first may be in a cycle after which the folder is watched.
        watching.edit("parts/names.py", f'NAME = "{name}"\n', r"^✓ .*\(1 added, 1 destroyed\)")


def test_what_another_command_has_deployed_is_replaced(watching: Watching) -> None:
    """Although the documents of the stacks are the same."""
    main = MAIN.replace('json.loads(os.environ["CDKTF_CONTEXT_JSON"])["days"]', 'int(os.environ.get("DAYS", "3"))')
    watching.edit("main.py", main)
    succeed(watching.root, "up", DAYS="5")
    assert days(watching) == "5"
    assert "(1 changed)" in watching.edit("main.py", f"{main}#")
    assert days(watching) == "3"
    assert "logs" not in watching.edit("main.py", f"{main}##")


def test_an_edit_of_the_app_s_types_is_known(watching: Watching) -> None:
    """The stacks are applied with it."""
    watching.end()
    (watching.root / "pyproject.toml").write_text(FILES["pyproject.toml"] + 'types = ["my_types"]\n')
    watching.command = Command(watching.root, "watch")
    try:
        watching.command.await_line("^Watching ")
        said = watching.edit("my_types.py", "TYPES = (1 +)\n")
        assert "✗" in said
        assert "cannot load my_types, one of `types` in pyproject.toml: SyntaxError: " in said
        assert "(no changes)" in watching.edit("my_types.py", FILES["my_types.py"])
    finally:
        watching.end()
        (watching.root / "pyproject.toml").write_text(FILES["pyproject.toml"])


def test_an_error_keeps_the_previous_version(watching: Watching) -> None:
    """The app's own, or Terraform's in full, with its place; the next change is deployed again."""
    for main, *texts in (
        (MAIN + "def broken(:\n", "the app does not synthesize: SyntaxError: invalid syntax (main.py, line "),
        (
            MAIN.replace("NAME,", "'*',"),
            "  with aws_cloudwatch_log_group.group,\n",
            "(aws_cloudwatch_log_group.group); ",
        ),
    ):
        said = watching.edit("main.py", main)
        assert "✗" in said
        assert [text for text in texts if text not in said] == []
        assert "; the previous version keeps serving" in said
        assert days(watching) == "3"
    watching.edit("main.py", MAIN, cycle("main.py", "✓"))
    assert "(1 changed)" in watching.edit("cdktf.json", FILES["cdktf.json"].replace("3", "7"))


def test_an_incomplete_cdktf_json_is_an_error(watching: Watching) -> None:
    """An editor may save it in two steps."""
    said = watching.edit("cdktf.json", '{"language": ')
    assert "✗" in said
    assert "cdktf.json is not JSON: " in said
    emptied, whole = watching.edit_in_place("cdktf.json", FILES["cdktf.json"])
    assert "cdktf.json is not JSON: " in emptied
    assert "cdktf.json is not" not in whole


def test_ignored_files_are_not_watched(watching: Watching) -> None:
    """Neither are files of tools; a file in a new folder is."""
    for name in ("some.log", "ignored/file", ".hidden/file", "parts/__pycache__/names.pyc"):
        (watching.root / name).parent.mkdir(exist_ok=True)
        (watching.root / name).write_text("x")
    said = watching.edit_again("new/file", "^[✓✗].*new.*: synth")
    # The new folder is watched from here on.
    said += watching.edit("cdktf.json", FILES["cdktf.json"].replace("3", "14"), r"^✓.*\(1 changed\)")
    said += watching.edit("new/file", "y", "^[✓✗].*new/file: synth")
    for name in ("some.log", "ignored", ".hidden", "__pycache__"):
        assert name not in said


def test_debug_prints_where_to_attach(watching: Watching, docker_engine: Engine) -> None:
    """Other commands may run at the same time; after an interrupt, functions start without the debugger."""
    request = watching.root / ".cdktf-harness/local/cloud/debug.json"
    command = Command(watching.root, "debug", "--debugger-port", "0")
    command.await_line("^Debugger: attach to 127.0.0.1:[0-9]+ ")
    assert request.exists()
    command.await_line("^Watching ")
    command.interrupt()
    assert command.wait() == 0
    assert not request.exists()


def test_an_interrupt_leaves_the_deployment_and_its_cloud_only(watching: Watching) -> None:
    """All other processes end, also those of a synthesis with CDKTF; a diff shows that the state is correct."""
    assert "(no changes)" in watching.edit("main.py", CDKTF_MAIN)
    watching.end()
    assert "the deployment is still up" in watching.command.lines[-1]
    until(lambda: len(at_work(watching.root)) == 1, f"end of {at_work(watching.root)}")
    unchanged = "logs: No changes. Your infrastructure matches the configuration."
    assert unchanged in succeed(watching.root, "diff").lines
