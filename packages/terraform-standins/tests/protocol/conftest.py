"""Hypothesis' settings: no deadlines, and no files in the checkout."""

from hypothesis import HealthCheck, settings

# A busy machine must not fail a test.
settings.register_profile(
    "harness", deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("harness")
