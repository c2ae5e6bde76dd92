"""The app: settings in, two stacks out."""

import sys

# First: it makes what follows load quickly.
from stacks import fast_imports

fast_imports.begin()

# isort: split
from cdktf import App

from docker_build_context import ContextError
from stacks.api import ApiStack
from stacks.registry import RegistryStack
from stacks.settings import SettingsError, load

try:
    settings = load()
    app = App()
    registry = RegistryStack(app, "registry", settings=settings)
    ApiStack(app, "api", settings=settings, repository=registry.repository)
except (SettingsError, ContextError) as error:
    sys.exit(f"ontra: {error}")
app.synth()
