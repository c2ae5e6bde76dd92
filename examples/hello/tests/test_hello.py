"""The app, deployed for real."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges


def test_it_deploys_converges_and_goes_without_a_trace(assert_converges: Converges) -> None:
    """A queue that needs no second deployment, and that is gone when it is destroyed."""
    assert_converges()
