"""The files of a Docker build context, its fingerprint and a copy of it."""

from docker_build_context.context_files import Context, ContextError, read_context
from docker_build_context.copies import copy_context, fingerprint

__all__ = ["Context", "ContextError", "copy_context", "fingerprint", "read_context"]
