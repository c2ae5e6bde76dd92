"""CDKTF's command line is started fast, and works as ever."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path

from cdktf_harness.project import environment
from cdktf_harness.terraform.cdktf_cli import cdktf, started_fast

from .conftest import BIN

CONFIGURATION = 'output "x" {\n  value = "a${1 + 1}"\n}\n'


def test_it_loads_what_a_command_needs(project: Path) -> None:
    """Not the converter from Terraform's language, whose parts take as long to load as all others."""
    probe = project / "probe.cjs"
    probe.write_text(f"""
        process.on("exit", () => {{
          if (!process.argv[1].endsWith("cdktf")) return;
          require("node:fs").writeFileSync("{project}/loaded.json", JSON.stringify(Object.keys(require.cache)));
        }});
    """)
    env = {**os.environ, **environment.path(), "NODE_OPTIONS": f'--require "{probe}"'}
    cdktf("synth", project=project, env=env)
    loaded = json.loads((project / "loaded.json").read_text())
    packages = {path.rpartition("node_modules/")[2].partition("/")[0] for path in loaded}
    assert {"yargs", "cdktf"} <= packages
    assert not {"typescript", "prettier", "jsii-rosetta"} & packages


def test_it_still_converts(project: Path) -> None:
    """What loads late is there when it is asked for."""
    env = started_fast({**os.environ, **environment.path()})
    command = [str(BIN / "cdktf"), "convert", "--language", "typescript"]
    done = subprocess.run(command, cwd=project, env=env, input=CONFIGURATION, capture_output=True, text=True)
    assert "TerraformOutput(this, " in done.stdout, done.stderr
