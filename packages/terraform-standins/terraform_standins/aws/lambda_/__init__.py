"""Lambda: functions, aliases, permissions and invocation settings."""

from . import alias, event_invoke_config, function, permission

TYPES = (*alias.TYPES, *event_invoke_config.TYPES, *function.TYPES, *permission.TYPES)
