"""Synthesize both stacks for many settings, and other apps, in one process: `python every_setting.py OUT [MAIN.PY...]`.

Cases are JSON on standard input. The other apps synthesize to where CDKTF_OUTDIR says.
"""

from __future__ import annotations

import json
import runpy
import sys
from pathlib import Path

import cdktf_fast_synth

# isort: split
from cdktf import App

from cdktf_lambda_api.protection import protect
from stacks.api import ApiStack
from stacks.registry import RegistryStack
from stacks.settings import load

out = Path(sys.argv[1])
out.mkdir()
for name, values in json.load(sys.stdin).items():
    settings = load(**values)
    app = App(outdir=str(out / name))
    registry = RegistryStack(app, "registry", settings=settings)
    ApiStack(app, "api", settings=settings, repository=registry.repository)
    if settings.keeps:
        protect(app)
    app.synth()
for program in sys.argv[2:]:
    sys.path.insert(0, str(Path(program).parent))
    runpy.run_path(program, run_name="__main__")
