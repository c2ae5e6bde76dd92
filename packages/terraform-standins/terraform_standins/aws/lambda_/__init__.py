"""Lambda: functions and what hangs on them."""

from . import alias, event_invoke_config, function, permission

TYPES = (*alias.TYPES, *event_invoke_config.TYPES, *function.TYPES, *permission.TYPES)
