"""SNS: topics and subscriptions."""

from . import subscription, topic

TYPES = (
    *subscription.TYPES,
    *topic.TYPES,
)
