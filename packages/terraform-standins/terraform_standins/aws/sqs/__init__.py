"""SQS: queues."""

from . import queue, queue_policy

TYPES = (
    *queue.TYPES,
    *queue_policy.TYPES,
)
