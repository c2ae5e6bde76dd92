"""The settings of the deployment."""

from __future__ import annotations

import pytest


@pytest.fixture(scope="session")
def deployment_settings() -> dict[str, str]:
    """A new value of the secret is noticed at once."""
    return {"secret_seconds": "0.1"}
