"""`cdktf-harness init`: what an app needs to be one of the harness, and a first app in an empty folder."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import TemporaryDirectory
from textwrap import indent

from cdktf_harness.deployment.local.deployment import LocalDeployment
from cdktf_harness.project import config_files
from cdktf_harness.project.project import TABLE, Project, find
from cdktf_harness.synthesis import manifest
from cdktf_harness.synthesis.stacks import Synthesis
from cdktf_harness.system.errors import HarnessError

# CDKTF and CDK Terrain, the names of their bindings, and what their command line needs.
_FLAVORS = {"cdktf": "cdktf-cdktf-provider-aws", "cdktn": "cdktn-provider-aws"}
_TERMINAL = {"overrides": {"@cdktf/node-pty-prebuilt-multiarch": "npm:@lydell/node-pty@1.1.0"}}
# How each tool is installed, sets an environment up, and runs a program in it; "" is venv and pip.
_TOOLS = {
    "pipenv": ("pipx install pipenv", "pipenv sync --dev", "pipenv run "),
    "uv": ("pipx install uv", "uv sync", "uv run "),
    "poetry": ("pipx install poetry", "poetry install", "poetry run "),
    "": ("python3 -m venv .venv", ".venv/bin/pip install -r requirements.txt", ".venv/bin/"),
}
_FILES = {"pipenv": "Pipfile", "uv": "uv.lock", "poetry": "poetry.lock"}
# The keys of the table that name an output: what such an output refers to, and the type of the resource.
_OUTPUTS = {
    "url": (r"\.(invoke_url|api_endpoint|function_url)\b", "aws_api_gateway_stage"),
    "function": (r"aws_lambda_function\.\w+\.function_name\b", "aws_lambda_function"),
    "alias": (r"aws_lambda_alias\.\w+\.name\b", "aws_lambda_alias"),
    "repository": (r"aws_ecr_repository\.\w+\.name\b", "aws_ecr_repository"),
}
_IGNORED = [".venv/", ".cdktf-harness/", "cdktf.out/", "node_modules/", "__pycache__/"]
_MAIN = """\
from {cdktf} import App, TerraformOutput, TerraformStack
from {aws}.provider import AwsProvider
from {aws}.sqs_queue import SqsQueue

app = App()
stack = TerraformStack(app, "queue")
AwsProvider(stack, "aws", region=app.node.try_get_context("region"))
queue = SqsQueue(stack, "queue", name=app.node.try_get_context("name"))
TerraformOutput(stack, "url", value=queue.url)
app.synth()
"""
_SYNTH = """\
def test_the_app_synthesizes(synth):
    assert list(synth) == {stacks}
"""
_CONVERGES = """

def test_it_deploys_converges_and_goes_without_a_trace(assert_converges):
    assert_converges()
"""
_WORKFLOW = """\
name: Test
on: [push]
permissions:
  contents: read
jobs:
  test:
    runs-on: ubuntu-24.04
    timeout-minutes: 30
    defaults:
      run:
        working-directory: {folder}
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
      - run: {first}
      - run: {second}
      - run: {run}pytest
"""


def init() -> None:
    """Add what the harness needs of an app to this folder, or a first app; existing files are left as they are."""
    root = Path.cwd()
    flavor = _flavor()
    tool = _tool(root)
    first, second, run = _TOOLS[tool]
    if not (root / "cdktf.json").exists():
        if (root / "main.py").exists():
            raise HarnessError("main.py exists, but no cdktf.json: run this in an empty folder or that of a CDKTF app")
        if not _version(_FLAVORS[flavor]):
            raise HarnessError(f"this environment lacks {_FLAVORS[flavor]}: install it, then run this again")
        context = {"name": root.name, "region": "eu-central-1"}
        app = {"language": "python", "app": f"{run if tool else ''}python main.py", "projectId": root.name}
        _offer(root / "cdktf.json", json.dumps({**app, "context": context}, indent=2) + "\n", "")
        bindings = _FLAVORS[flavor].replace("-", "_")
        _offer(root / "main.py", _MAIN.format(cdktf=flavor, aws=bindings), "")
    synthesis, deployable = _synthesized(root)
    table = "\n".join([f"[{TABLE}]", f"stacks = {json.dumps(list(synthesis))}", *_found(synthesis)]) + "\n"
    _offer(root / "pyproject.toml", table, f"[{TABLE}")
    package = {"private": True, "devDependencies": {f"{flavor}-cli": version(flavor)}}
    terminal = _TERMINAL if flavor == "cdktf" else {}
    _offer(root / "package.json", json.dumps(package | terminal, indent=2) + "\n", f"{flavor}-cli")
    tests = _SYNTH.format(stacks=json.dumps(sorted(synthesis))) + (_CONVERGES if deployable else "")
    _offer(root / "tests" / "test_stacks.py", tests, "def test_")
    ignored = root / ".gitignore"
    known = {line.strip("/") for line in ignored.read_text().split()} if ignored.exists() else set()
    missing = "".join(f"{line}\n" for line in _IGNORED if line.strip("/") not in known)
    _offer(ignored, missing or "\n", "" if missing else "\n")
    if not tool:
        pins = [f"{name}=={found}" for name in (flavor, _FLAVORS[flavor]) if (found := _version(name))]
        _offer(root / "requirements.txt", "\n".join([*pins, "cdktf-harness[cloud,testing]\n"]), "cdktf-harness")
    whole = next((folder for folder in (root, *root.parents) if (folder / ".git").exists()), root)
    folder = root.relative_to(whole)
    workflow = _WORKFLOW.format(folder=folder, first=first, second=second, run=run)
    _offer(whole / ".github" / "workflows" / "test.yml", workflow, f"{run}pytest")
    print("Next: pytest, then cdktf-harness up. It is on no package index: let the workflow install it before it runs")


def _tool(root: Path) -> str:
    """Return the tool that manages the app's environment; "" for none."""
    file = root / "pyproject.toml"
    text = file.read_text() if file.exists() else ""
    return next((tool for tool, own in _FILES.items() if (root / own).exists() or f"[tool.{tool}" in text), "")


def _flavor() -> str:
    for name in _FLAVORS:
        if _version(name):
            return name
    raise HarnessError(f"this environment has neither {' nor '.join(_FLAVORS)}: install one, then run this again")


def _version(package: str) -> str:
    """Return the version of an installed package; "" if there is none."""
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _synthesized(root: Path) -> tuple[Synthesis, bool]:
    """Return the stacks, and whether all of them can be deployed here. Raises CommandFailed with the app's error."""
    file = root / "pyproject.toml"
    described = file.exists() and f"[{TABLE}" in file.read_text()
    project = find(root) if described else Project(root=root, context=config_files.app(root).get("context", {}))
    with TemporaryDirectory() as folder:
        deployment = LocalDeployment(project, Path(folder))
        try:
            return deployment.preflight(), True
        except HarnessError as error:
            if not manifest.is_there(deployment.out):
                raise
            print(f"  {error}")
            return deployment.synthesis(), False


def _found(synthesis: Synthesis) -> Iterator[str]:
    """Yield lines for the outputs that the table can name, as comments where the app lacks something."""
    for key, (pattern, type_) in _OUTPUTS.items():
        stacks = synthesis.values()
        values = {f"{stack.name}.{name}": str(value) for stack in stacks for name, value in stack.outputs.items()}
        outputs = [name for name, value in values.items() if "/" not in name and re.search(pattern, value)]
        made = [block.path for stack in stacks for block in stack.resources(type_)]
        if outputs and key == "url":
            yield f'# url = "{outputs[0]}"  # once it is a URL of the embedded cloud (reference, Apps with images)'
        elif outputs:
            yield f'{key} = "{outputs[0]}"'
        elif made:
            yield f'# {key} = "STACK.OUTPUT"  # with an output for {made[0]}'


def _offer(path: Path, text: str, mark: str) -> None:
    """Write a new file; print what to add to an existing one unless it has `mark`."""
    name = os.path.relpath(path)
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        print(f"  {name}: written")
    elif mark and mark in path.read_text():
        print(f"  {name}: exists, unchanged")
    else:
        print(f"  {name}: exists, unchanged; add to it:")
        print(indent(text, "    "), end="")
