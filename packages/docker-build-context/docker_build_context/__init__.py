"""What a Docker build sees of a folder: the one reading of a build context, its fingerprint and a copy of it."""

from docker_build_context.context_files import Context as Context
from docker_build_context.context_files import ContextError as ContextError
from docker_build_context.context_files import read_context as read_context
from docker_build_context.copies import copy_context as copy_context
from docker_build_context.copies import fingerprint as fingerprint
