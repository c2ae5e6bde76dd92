"""`cdktf-harness init` in an empty folder and in an existing app."""

from __future__ import annotations

import tomllib
from pathlib import Path

import plain_app
from commands.running import succeed
from inner_run import passed

MAIN = """
synth({"api": {
    "resource": {
        "aws_lambda_function": {"f": {"function_name": "f", "role": "r"}},
        "aws_ecr_repository": {"images": {"name": "images"}},
        "aws_qldb_ledger": {"l": {"name": "l"}},
    },
    "output": {
        "function": {"value": "${aws_lambda_function.f.function_name}"},
        "url": {"value": "${aws_api_gateway_stage.s.invoke_url}/x"},
    },
}})
"""


def init(folder: Path) -> str:
    """Run it, and return all that it prints."""
    return succeed(folder, "init").output


def test_a_first_app_passes_its_tests(tmp_path: Path) -> None:
    """In an empty folder."""
    said = init(tmp_path)
    assert [line.split(":")[0].strip() for line in said.splitlines() if line.endswith(": written")] == [
        *("cdktf.json", "main.py", "pyproject.toml", "package.json", "tests/test_stacks.py", ".gitignore"),
        *("requirements.txt", ".github/workflows/test.yml"),
    ]
    passed(tmp_path)


def test_an_existing_app_keeps_its_files(tmp_path: Path) -> None:
    """Its stacks and outputs are in the table that is printed; a type that is not bundled is named.

    A second run changes nothing.
    """
    files = {**plain_app.files(MAIN, "api"), "pyproject.toml": "[project]\n", "Pipfile": "", ".gitignore": ".venv\n"}
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    said = init(tmp_path)
    assert {name: (tmp_path / name).read_text() for name in files} == files
    assert "pyproject.toml: exists, unchanged; add to it:" in said
    table = tomllib.loads(said.partition("add to it:\n")[2].partition("  package.json")[0])["tool"]["cdktf-harness"]
    assert table == {"stacks": ["api"], "function": "api.function"}
    assert '# url = "api.url"' in said
    assert '# repository = "STACK.OUTPUT"  # with an output for aws_ecr_repository.images' in said
    assert "aws_qldb_ledger" in said
    assert "assert_converges" not in (tmp_path / "tests" / "test_stacks.py").read_text()
    workflow = (tmp_path / ".github" / "workflows" / "test.yml").read_text()
    assert "pipenv sync --dev" in workflow
    assert "pipenv run pytest" in workflow
    assert "cdktf.out/" in said
    written = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    assert "written" not in init(tmp_path)
    assert {path: path.read_bytes() for path in written} == written
