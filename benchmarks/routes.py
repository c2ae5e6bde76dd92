"""An API of N routes to one function: `python -m benchmarks.routes N`."""

from __future__ import annotations

import sys

import cdktf_fast_synth

# isort: split
from stacks.settings import load

# isort: split
from cdktf import App, TerraformStack

from stacks.constructs.function import Function
from stacks.constructs.rest_api import RestApi
from stacks.target import Target

app = App()
stack = TerraformStack(app, "routes")
settings = load()
Target(settings).prepare(stack)
function = Function(
    stack,
    "function",
    name=settings.name,
    image_uri="image",
    architecture=settings.architecture,
    memory_mb=settings.memory_mb,
    timeout_s=settings.timeout_s,
    log_retention_days=settings.log_retention_days,
)
routes = {f"GET /route{number}": function for number in range(int(sys.argv[1]))}
RestApi(stack, "api", name=settings.name, stage=settings.stage, routes=routes)
app.synth()
