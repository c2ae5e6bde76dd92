"""The app, deployed."""

from __future__ import annotations

from cdktf_harness.pytest_plugin import Converges


def test_it_deploys_converges_and_goes_without_a_trace(assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges()
