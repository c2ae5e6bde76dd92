"""Synthesize both stacks for many settings in one process: `python every_setting.py OUT`, cases as JSON on stdin."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import stacks  # noqa: F401

# isort: split
from cdktf import App

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
    app.synth()
