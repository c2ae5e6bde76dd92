"""The dependencies of an app decide which command line runs it."""

from __future__ import annotations

from pathlib import Path

import pytest

from cdktf_harness.project.kind import kind


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        ("package.json", '{"dependencies": {"cdktn-cli": "0.24.0"}}', "cdktn"),
        ("package.json", '{"dependencies": {"cdktf-cli": "0.21.0"}}', "cdktf"),
        ("Pipfile", '[packages]\ncdktn-provider-aws = "*"\n', "cdktn"),
        ("Pipfile", '[packages]\ncdktf = "*"\n', "cdktf"),
        ("requirements.txt", "cdktn>=0.24\n", "cdktn"),
        ("requirements-dev.txt", "cdktn==0.24.0\n", "cdktn"),
        ("pyproject.toml", '[project]\ndependencies = ["cdktn~=0.24", "boto3"]\n', "cdktn"),
        ("pyproject.toml", "# to be moved to cdktn\n[tool.x]\nlogs = 'cdktn.out/build.log'\n", "cdktf"),
        ("README.md", "cdktn deploy\n", "cdktf"),
    ],
)
def test_the_dependencies_tell(tmp_path: Path, name: str, content: str, expected: str) -> None:
    """A package of CDK Terrain in one of the usual files counts; a mention elsewhere does not."""
    (tmp_path / name).write_text(content)
    assert kind(tmp_path) == expected
