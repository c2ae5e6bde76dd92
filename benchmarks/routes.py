"""An API of N routes to one function: `python -m benchmarks.routes N`."""

from __future__ import annotations

import sys

import cdktf_fast_synth

# isort: split
from stacks.settings import load

# isort: split
from cdktf import App, TerraformStack

from cdktf_lambda_api.function import Function
from cdktf_lambda_api.rest_api import RestApi
from stacks.target import prepare

app = App()
stack = TerraformStack(app, "routes")
settings = load()
prepare(stack, settings)
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
