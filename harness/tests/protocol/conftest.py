"""How Hypothesis works here: no clock in it, and nothing left in the checkout."""

from hypothesis import settings

# A busy machine is no failure of the code.
settings.register_profile("harness", deadline=None, database=None, max_examples=60)
settings.load_profile("harness")
