"""Paths in an app's stacks."""

from __future__ import annotations

from pathlib import Path

from .running import run, succeed, write_app

REQUIRED = "'terraform': {'required_providers': {'local': {'source': 'hashicorp/local', 'version': '2.5.3'}}}"


def test_a_path_from_a_stack_to_the_app_is_found(app: Path) -> None:
    """CDKTF's command line synthesizes to stacks/NAME of cdktf.out, which apps rely on: ../../../ is the app."""
    write_app(app, {"pyproject.toml": "[tool.cdktf-harness]\n", "said.txt": "hello"})
    main = (app / "main.py").read_text().partition("synth(")[0]
    data = "'data': {'local_file': {'said': {'filename': '../../../said.txt'}}}"
    outputs = (
        "'said': {'value': '${data.local_file.said.content}'}, 'sum': {'value': '${filemd5(\"../../../said.txt\")}'}, "
        "'text': {'value': 'cat ../../../said.txt'}"
    )
    (app / "main.py").write_text(f"{main}synth({{'one': {{{REQUIRED}, {data}, 'output': {{{outputs}}}}}}})\n")
    done = succeed(app, "up")
    assert '"said": "hello"' in done.output
    assert "5d41402abc4b2a76b9719d911017c592" in done.output
    # Only a whole text is a path.
    assert '"text": "cat ../../../said.txt"' in done.output
    (app / "said.txt").unlink()
    assert run(app, "up").lines[-1].endswith("said.txt: no such file or directory")
