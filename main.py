"""The app: settings in, two stacks out."""

import sys

# First: it makes the following imports fast.
import cdktf_fast_synth

# isort: split
# These do not need Node, which starts in parallel.
from stacks.settings import SettingsError, load

# isort: split
from cdktf import App

from cdktf_lambda_api import StateError, protect
from docker_build_context import ContextError
from stacks.api import ApiStack
from stacks.registry import RegistryStack

try:
    settings = load()
    app = App()
    registry = RegistryStack(app, "registry", settings=settings)
    ApiStack(app, "api", settings=settings, repository=registry.repository)
    if settings.keeps:
        protect(app)
except (SettingsError, StateError, ContextError) as error:
    sys.exit(f"ontra: {error}")
app.synth()
