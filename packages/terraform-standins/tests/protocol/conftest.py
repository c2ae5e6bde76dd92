"""How Hypothesis works here: no clock in it, and nothing left in the checkout."""

from hypothesis import HealthCheck, settings

# A busy machine is no failure of the code.
settings.register_profile(
    "harness", deadline=None, database=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile("harness")
