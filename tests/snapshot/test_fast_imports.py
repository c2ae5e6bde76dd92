"""The fast imports of the provider bindings change how long a synthesis takes, and nothing else."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from cdktf_harness.synthesis.sources import lazily
from checkout import PROJECT
from setting_changes import CASES as SETTINGS
from setting_changes import ELSEWHERE

LOCAL = {"target": "local", "endpoint": "http://localhost:4566"}
VALUES: Mapping[str, Any] = {
    **{name: case.value for name, case in SETTINGS.items()},
    **{name: values[name] for name, values in ELSEWHERE.items()},
}
# Each of them hides another; all other values are in one case.
ALONE = ("destroy", "image_digest", "state_bucket")
SETS: Mapping[str, Mapping[str, Any]] = {
    "default": {},
    "together": {name: value for name, value in VALUES.items() if name not in ("target", *ALONE)},
    **{name: {name: VALUES[name]} for name in ALONE},
}
CASES = {
    # Not the commit of the checkout, which may change during the test.
    f"{target}-{name}": {"commit": "0000000", **values, **others}
    for target, values in {"aws": {}, "local": LOCAL}.items()
    for name, others in SETS.items()
    if target == "aws" or name not in ALONE
}
JOBS = PROJECT / "examples" / "jobs"


@pytest.fixture(scope="module")
def stock(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The documents of this app and an example with stock imports; one process makes both to save time."""
    out = tmp_path_factory.mktemp("stock")
    path = os.pathsep.join([str(PROJECT), str(bindings(out / "bindings"))])
    # In Node's cache, each run would leave all 2,200 modules once more: 190 MB.
    env = {"CDKTF_FAST_SYNTH": "0", "PYTHONPATH": path, "NODE_DISABLE_COMPILE_CACHE": "1"}
    return synthesize(out / "documents", JOBS / "main.py", **env)


def bindings(folder: Path) -> Path:
    """The bindings of AWS with the 60 modules that the apps use or that are among every fiftieth; for Node, with all.

    To compile all 2,200 for Python takes a minute. The others change no document: jsii (1.142) imports the module of a
    type that it needs, or fails. `make bench` compares with all of them.
    """
    spec = find_spec("cdktf_cdktf_provider_aws")
    assert spec is not None
    assert spec.origin
    whole, part = Path(spec.origin).parent, folder / "cdktf_cdktf_provider_aws"
    part.mkdir(parents=True)
    (part / "_jsii").symlink_to(whole / "_jsii")
    folders = (PROJECT / "stacks", PROJECT / "packages" / "cdktf-lambda-api", JOBS)
    apps = [file for folder in folders for file in folder.rglob("*.py")]
    used = set(re.findall(r"cdktf_cdktf_provider_aws\.(\w+)", "\n".join(path.read_text() for path in apps)))
    text = (whole / "__init__.py").read_text()
    names: list[str] = re.findall(r"^from \. import (\w+)$", text, re.M)
    kept = {name for number, name in enumerate(names) if name in used or number % 50 == 0}
    assert used < kept
    for name in kept:
        (part / name).symlink_to(whole / name)
    left_out = set(names) - kept
    lines = (line for line in text.splitlines() if re.sub(r"\W|from \. import ", "", line) not in left_out)
    (part / "__init__.py").write_text("\n".join(lines))
    return folder


@pytest.mark.slow
def test_the_stacks_are_the_same_with_stock_imports(stock: dict[str, str], tmp_path: Path) -> None:
    """Byte by byte, for both targets and another value of every setting."""
    fast = synthesize(tmp_path / "fast", PYTHONPATH=str(PROJECT))
    assert len(fast) == 2 * len(CASES)
    assert fast == {name: document for name, document in stock.items() if not name.startswith("jobs/")}


@pytest.mark.slow
def test_bindings_that_load_late_synthesize_the_same(stock: dict[str, str], tmp_path: Path) -> None:
    """The harness synthesizes the same documents as the app by itself, byte by byte."""
    run([str(JOBS / "main.py")], **lazily({}), **jobs_environment(tmp_path))
    document = (tmp_path / "jobs" / "stacks" / "jobs" / "cdk.tf.json").read_text()
    assert document == stock["jobs/stacks/jobs/cdk.tf.json"]


def test_one_node_process_loads_what_is_used_and_is_heard(tmp_path: Path) -> None:
    """One process of Node, a few modules of the provider, none for zip files or mocks; what Node logs is printed.

    In a folder of any name: Node reads the path of the hook in its options, and Terraform that of the state.
    """
    project = tmp_path / 'it"s a $pecial \\ one, {é}'
    project.mkdir()
    for name in ("main.py", "cdktf.json", "stacks", "stages", "lambda_image"):
        source = PROJECT / name
        shutil.copytree(source, project / name) if source.is_dir() else shutil.copy(source, project)
    probe = tmp_path / "probe.cjs"
    probe.write_text("""
        process.on("exit", () => {
          console.log("said by Node");
          const loaded = JSON.stringify(Object.keys(require.cache));
          require("node:fs").writeFileSync(`${__dirname}/${process.pid}.json`, loaded);
        });
    """)
    done = run(["-X", "importtime", "main.py"], project, NODE_OPTIONS=f'--require "{probe}"')
    (loaded,) = [json.loads(file.read_text()) for file in tmp_path.glob("*.json")]
    of_provider = [path for path in loaded if re.search(r"@cdktf[\\/]provider-aws", path)]
    assert 10 < len(of_provider) < 100
    assert [path for path in loaded if re.search(r"node_modules[\\/](archiver|semver)", path)] == []
    assert 10 < done.stderr.count(" cdktf_cdktf_provider_aws.") < 100
    assert " typeguard\n" in done.stderr
    assert " unittest.mock\n" not in done.stderr
    assert [line for line in done.stderr.splitlines() if not line.startswith("import time:")] == []
    assert done.stdout == "said by Node\n"
    stack = json.loads((project / "cdktf.out" / "stacks" / "api" / "cdk.tf.json").read_text())
    assert stack["terraform"]["backend"]["local"]["path"] == str(project / "terraform.dev.api.tfstate")


def synthesize(out: Path, *others: Path, **env: str) -> dict[str, str]:
    """The documents of all cases, and of other apps, by their place in `out`."""
    program = PROJECT / "tests" / "every_setting.py"
    run([str(program), str(out), *map(str, others)], input=json.dumps(CASES), **env, **jobs_environment(out))
    return {str(file.relative_to(out)): file.read_text() for file in sorted(out.rglob("cdk.tf.json"))}


def jobs_environment(out: Path) -> dict[str, str]:
    """The variables that CDKTF's command line sets for the example `jobs`."""
    context = json.loads((JOBS / "cdktf.json").read_text())["context"]
    return {"CDKTF_CONTEXT_JSON": json.dumps(context), "CDKTF_OUTDIR": str(out / "jobs")}


def run(
    arguments: Sequence[str], cwd: Path = PROJECT, /, *, input: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    """Run Python in `cwd`, without settings of the one who runs the tests."""
    # Bytecode of all modules takes three times as long to make as a synthesis without it: it stays in the environment.
    hidden = ("ONTRA_", "CDKTF_", "NODE_OPTIONS", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    path = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", "")])
    done = subprocess.run(
        [sys.executable, *arguments],
        cwd=cwd,
        env={**clean, "PATH": path, **env},
        input=input,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done
