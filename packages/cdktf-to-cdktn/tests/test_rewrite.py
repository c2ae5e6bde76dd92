"""What the move to CDK Terrain changes in an app's files, and what it leaves unchanged."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from cdktf_to_cdktn.names import renamed_package, renamed_python, renamed_requirements, renamed_text
from cdktf_to_cdktn.rewrite import MoveError, move

PYTHON, PACKAGES, OTHER = renamed_python, renamed_requirements, renamed_text


@pytest.mark.parametrize(
    ("renamed", "before", "after"),
    [
        # Imports and their uses change; string literals do not, because they may be deployed.
        (PYTHON, "from cdktf import App\n", "from cdktn import App\n"),
        (PYTHON, "    import cdktf\n", "    import cdktn\n"),
        (PYTHON, "import cdktf as tf\n", "import cdktn as tf\n"),
        (PYTHON, "stack = cdktf.TerraformStack(app, 'cdktf')\n", "stack = cdktn.TerraformStack(app, 'cdktf')\n"),
        (
            PYTHON,
            "from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket\n",
            "from cdktn_provider_aws.s3_bucket import S3Bucket\n",
        ),
        (PYTHON, "install('cdktf_cdktf_provider_aws')\n", "install('cdktn_provider_aws')\n"),
        (PYTHON, "from cdktf_harness.cdktf import cdktf\n", None),
        (PYTHON, "tags = {'ManagedBy': 'cdktf'}  # CDKTF_OUTDIR, cdktf.json, cdktf.out\n", None),
        # As Pipfile, pip and pyproject.toml write them; bindings of other providers get no version.
        (PACKAGES, 'cdktf = "==0.21.0"', 'cdktn = "==0.24.0"'),
        (PACKAGES, 'cdktf-cdktf-provider-aws = "==21.22.1"', 'cdktn-provider-aws = "==25.8.1"'),
        (PACKAGES, 'cdktf-cdktf-provider-random = "*"', 'cdktn-provider-random = "*"'),
        (PACKAGES, "cdktf>=0.20,<0.22  # pinned", "cdktn==0.24.0  # pinned"),
        (PACKAGES, "cdktf-cdktf-provider-docker==12.0.3", "cdktn-provider-docker==16.1.0"),
        (PACKAGES, "cdktf-cdktf-provider-random~=11.0", "cdktn-provider-random"),
        (PACKAGES, 'dependencies = ["cdktf~=0.21.0", "boto3>=1"]', 'dependencies = ["cdktn==0.24.0", "boto3>=1"]'),
        (PACKAGES, 'cdktf-harness = {path = "./packages/cdktf-harness"}', None),
        (PACKAGES, "[tool.cdktf-harness]", None),
        (PACKAGES, 'exclude = ["cdktf.out"]', None),
        # The command and its package change; files and variables keep their names.
        (OTHER, "cdktf deploy registry api", "cdktn deploy registry api"),
        (OTHER, "ln -s node_modules/.bin/cdktf bin/cdktf", "ln -s node_modules/.bin/cdktn bin/cdktn"),
        (OTHER, "npm install --global cdktf-cli", "npm install --global cdktn-cli"),
        (OTHER, "require('@cdktf/provider-aws')", "require('@cdktn/provider-aws')"),
        (OTHER, "cdktf.json cdktf.out/ cdktf.log cdktf-harness CDKTF_OUTPUT packages/cdktf-harness", None),
        (OTHER, "https://developer.hashicorp.com/terraform/cdktf", None),
    ],
)
def test_a_text_is_renamed(renamed: Callable[[str], str], before: str, after: str | None) -> None:
    """By the kind of file; None means that nothing changes."""
    assert renamed(before) == (after or before)


def test_package_json_is_renamed() -> None:
    """cdktf-cli becomes cdktn-cli, without the override that only cdktf-cli needs."""
    before = {
        "scripts": {"up": "cdktf deploy '*'"},
        "dependencies": {"cdktf-cli": "0.21.0", "@cdktf/provider-aws": "21.22.1", "@cdktf/provider-random": "12.0.1"},
        "overrides": {"@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0"},
    }
    assert json.loads(renamed_package(json.dumps(before))) == {
        "scripts": {"up": "cdktn deploy '*'"},
        "dependencies": {"cdktn-cli": "0.24.0", "@cdktn/provider-aws": "25.8.1", "@cdktn/provider-random": "*"},
    }


PACKAGE = '[project]\nname = "cdktf-constructs"\ndependencies = ["cdktf-cdktf-provider-aws>=21,<22", "boto3"]\n'


@pytest.fixture
def app(tmp_path: Path) -> Path:
    """An app with generated files, nested packages, another app in one of them, and a binary file."""
    root = tmp_path / "app"
    for name, content in {
        "cdktf.json": '{"language": "python", "app": "python main.py"}',
        "pyproject.toml": '[tool.cdktf-harness]\nstacks = ["hello"]\n',
        "main.py": "from cdktf import App\n",
        "Pipfile": 'cdktf = "*"\n',
        "Pipfile.lock": "{}",
        "cdktf.out/manifest.json": "{}",
        "library/pyproject.toml": "",
        "library/tests/test.py": "from cdktf import App\n",
        "packages/constructs/pyproject.toml": PACKAGE,
        "packages/constructs/constructs/bucket.py": "from cdktf_cdktf_provider_aws.s3_bucket import S3Bucket\n",
        "packages/constructs/uv.lock": "",
        "packages/constructs/example/cdktf.json": "{}",
        "packages/constructs/example/main.py": "from cdktf import App\n",
        "packages/tool/pyproject.toml": PACKAGE.replace("cdktf-cdktf-provider-aws", "cdktf-harness"),
        "packages/tool/tool.py": "from cdktf import App\n",
    }.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    (root / "logo.png").write_bytes(b"\x89PNG\xff cdktf deploy")
    return root


def files(folder: Path) -> set[str]:
    """The names of all files below, but for those of git itself."""
    names = {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}
    return {name for name in names if not name.startswith(".git/")}


@pytest.mark.parametrize("git", [True, False])
def test_the_copy(app: Path, tmp_path: Path, git: bool) -> None:
    """Lock files are not copied; binary files, other apps, and packages that do not depend on cdktf are unchanged."""
    if git:
        subprocess.run(["git", "init", "-q"], cwd=app, check=True)
        (app / ".gitignore").write_text("cdktf.out/\n")
    copy = tmp_path / "copy"
    constructs = "packages/constructs/constructs/bucket.py"
    changed = {"main.py", "Pipfile", "packages/constructs/pyproject.toml", constructs}
    before, left_out = files(app), {"Pipfile.lock", "packages/constructs/uv.lock", "cdktf.out/manifest.json"}
    assert {str(path) for path in move(app, copy)} == changed
    assert files(copy) == before - left_out
    for same in files(copy) - changed:
        assert (copy / same).read_bytes() == (app / same).read_bytes()
    assert (copy / constructs).read_text() == "from cdktn_provider_aws.s3_bucket import S3Bucket\n"
    dependencies = 'dependencies = ["cdktn-provider-aws==25.8.1", "boto3"]\n'
    assert (copy / "packages/constructs/pyproject.toml").read_text().endswith(dependencies)
    with pytest.raises(MoveError, match="exists already"):
        move(app, copy)
    with pytest.raises(MoveError, match="does not depend on cdktf"):
        move(copy, tmp_path / "again")


def test_an_unreadable_package_is_reported(app: Path, tmp_path: Path) -> None:
    """By name, before anything is copied."""
    (app / "library" / "pyproject.toml").write_text("[project")
    with pytest.raises(MoveError, match=r"library/pyproject\.toml cannot be read: "):
        move(app, tmp_path / "copy")
    assert not (tmp_path / "copy").exists()


def test_the_command(app: Path, tmp_path: Path) -> None:
    """It prints the changed files; an error is one line."""
    command = [sys.executable, "-m", "cdktf_to_cdktn", str(tmp_path / "copy")]
    env = dict(os.environ)
    done = subprocess.run(command, cwd=app, env=env, capture_output=True, text=True, check=True)
    *changed, last = done.stdout.splitlines()
    assert changed[:2] == ["  Pipfile", "  main.py"]
    assert last.startswith(f"4 files changed in {tmp_path / 'copy'}; not copied")
    again = subprocess.run(command, cwd=app, env=env, capture_output=True, text=True, check=False)
    assert (again.returncode, again.stderr) == (1, f"error: {tmp_path / 'copy'} exists already: name a new folder\n")
