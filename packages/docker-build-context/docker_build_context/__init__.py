"""What a Docker build sees of a folder."""

from docker_build_context.context_files import Context as Context
from docker_build_context.context_files import ContextError as ContextError
from docker_build_context.context_files import read_context as read_context
