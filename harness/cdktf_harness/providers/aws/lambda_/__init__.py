"""Lambda: functions."""

from . import alias, event_invoke_config, function

TYPES = (
    *alias.TYPES,
    *event_invoke_config.TYPES,
    *function.TYPES,
)
