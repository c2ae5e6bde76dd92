"""Other versions than the known ones are not patched, and `explain` says so."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

INJECT = Path(__file__).parents[1] / "cdktf_fast_synth" / "inject"


def run(code: str, path: Path | str, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a program in this environment, with `path` on its PYTHONPATH."""
    # Bytecode of cdktf takes three times as long to make as a synthesis without it: it stays in the environment.
    hidden = ("CDKTF_", "NODE_OPTIONS", "PYTHONDONTWRITEBYTECODE")
    clean = {name: value for name, value in os.environ.items() if not name.startswith(hidden)}
    bin_ = os.pathsep.join([str(Path(sys.executable).parent), clean.get("PATH", "")])
    return subprocess.run(
        [sys.executable, "-c", code],
        env={**clean, "PATH": bin_, "PYTHONPATH": str(path), **env},
        capture_output=True,
        text=True,
        check=True,
    )


SAID = "cdktf_cdktf_provider_odd loads all submodules: its __init__ does more than import them"


@pytest.mark.parametrize(("mode", "said"), [("explain", f"cdktf-fast-synth: {SAID}\n"), ("1", "")])
def test_bindings_of_another_form_load_unchanged(mode: str, said: str, tmp_path: Path) -> None:
    """An `__init__` that does more than import its submodules is run."""
    package = tmp_path / "cdktf_cdktf_provider_odd"
    package.mkdir()
    code = "import one as publication\n\npublication.publish()\n\nANSWER = 42\n"
    (package / "__init__.py").write_text(code)
    (tmp_path / "one.py").write_text("def publish(): pass\n")
    path = os.pathsep.join(map(str, (INJECT, tmp_path)))
    done = run("from cdktf_cdktf_provider_odd import ANSWER; print(ANSWER)", path, CDKTF_FAST_SYNTH=mode)
    assert (done.stdout, done.stderr) == ("42\n", said)


def test_another_jsii_is_not_patched(tmp_path: Path) -> None:
    """The version is compared before jsii is changed."""
    code = """
import jsii
jsii.__version__ = "1.999.0"
from jsii._kernel.providers.process import _NodeProcess
stock = _NodeProcess.handshake
import cdktf_fast_synth
print(_NodeProcess.handshake is stock)
"""
    done = run(code, tmp_path, CDKTF_FAST_SYNTH="explain")
    assert done.stdout == "True\n"
    assert done.stderr == "cdktf-fast-synth: Node is not started early: jsii is 1.999.0, not 1.142.0\n"


SYNTHESIS = """
import cdktf_fast_synth
from cdktf import App, TerraformStack
from cdktf_cdktf_provider_aws.provider import AwsProvider
stack = TerraformStack(app := App(outdir="out"), "stack")
AwsProvider(stack, "aws")
app.synth()
"""


def test_all_patches_apply_to_the_installed_versions(tmp_path: Path) -> None:
    """Fails after an update of jsii, cdktf or the bindings that needs another patch."""
    done = run(f"import os; os.chdir({str(tmp_path)!r})\n{SYNTHESIS}", tmp_path, CDKTF_FAST_SYNTH="explain")
    assert (done.stdout, done.stderr) == ("", "")


def test_the_first_synthesis_leaves_an_index_of_the_bindings(tmp_path: Path) -> None:
    """Without it, each later synthesis parses all of the bindings' assembly again."""
    cache = tmp_path / "cache"
    # The bindings of docker: those of AWS take 20 s of CPU time to parse.
    synthesis = SYNTHESIS.replace("provider_aws", "provider_docker").replace("Aws", "Docker").replace("aws", "docker")
    run(f"import os; os.chdir({str(tmp_path)!r})\n{synthesis}", tmp_path, JSII_RUNTIME_PACKAGE_CACHE_ROOT=str(cache))
    assert len(list(cache.glob("@cdktf/provider-docker/*/*/.jsii.runtime.v1.json"))) == 1


def test_a_node_that_does_not_start_is_reported(tmp_path: Path) -> None:
    """With the variable that usually prevents it, such as one that an editor has left."""
    code = "import cdktf_fast_synth\ntry:\n    import cdktf\nexcept RuntimeError as error:\n    print(error)"
    done = run(code, tmp_path, NODE_OPTIONS="--nosuch")
    assert done.stdout == "Node ended at its start: read its output, and check NODE_OPTIONS\n"


def test_zero_turns_all_patches_off(tmp_path: Path) -> None:
    """No finder, no hook for Node, and jsii is not imported."""
    code = "import sys, os, cdktf_fast_synth; print('jsii' in sys.modules, os.environ.get('NODE_OPTIONS'))"
    assert run(code, tmp_path, CDKTF_FAST_SYNTH="0").stdout == "False None\n"
