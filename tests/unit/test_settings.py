"""Settings: where they come from, and what a bad one says."""

from __future__ import annotations

import pytest

from stacks import settings
from stacks.settings import Settings, SettingsError

pytestmark = pytest.mark.usefixtures("clean_settings")


@pytest.fixture
def clean_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of the developer's own environment."""
    for name in Settings.model_fields:
        monkeypatch.delenv(f"ONTRA_{name.upper()}", raising=False)


def test_the_environment_wins_over_cdktf_json(monkeypatch: pytest.MonkeyPatch) -> None:
    """ONTRA_MEMORY_MB replaces the value of cdktf.json, and what is not set there stays."""
    monkeypatch.setenv("ONTRA_MEMORY_MB", "512")
    assert (settings.load().memory_mb, settings.load().timeout_s) == (512, 10)


def test_settings_cannot_be_changed() -> None:
    """Once read, no construct can alter a setting for another."""
    with pytest.raises(ValueError, match="frozen"):
        settings.load().stage = "other"


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TARGET", "azure", "target: got 'azure', allowed: one of aws, local"),
        ("STAGE", "My Stage", "stage: got 'My Stage', allowed: text like 'prod'"),
        ("MEMORY_MB", "64", "memory_mb: got '64', allowed: a whole number from 128 to 10240"),
        ("TIMEOUT_S", "30", "timeout_s: got '30', allowed: a whole number from 1 to 29"),
        ("TIMEOUT_S", "soon", "timeout_s: got 'soon', allowed: a whole number from 1 to 29"),
        ("LOG_RETENTION_DAYS", "8", "log_retention_days: got '8', allowed: one of 1, 3, 5, 7, 14"),
        ("ARCHITECTURE", "riscv", "architecture: got 'riscv', allowed: one of arm64, x86_64"),
        ("REGION", "Frankfurt", "region: got 'Frankfurt', allowed: text like 'eu-central-1'"),
        ("ROUTE", "time", "route: got 'time', allowed: text like '/time'"),
        ("IMAGES_KEPT", "0", "images_kept: got '0', allowed: a whole number from 1 to 1000"),
        ("BUILD_ARGS", "BASE=x", 'error parsing value for field "build_args"'),
        ("MEMROY", "512", "ONTRA_MEMROY: no such setting; there are target, region"),
        ("TARGET", "local", "endpoint: target local needs the embedded cloud's URL"),
    ],
)
def test_a_bad_value_is_explained_in_one_line(
    name: str, value: str, says: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the key, the value and what is allowed."""
    monkeypatch.setenv(f"ONTRA_{name}", value)
    with pytest.raises(SettingsError) as error:
        settings.load()
    assert str(error.value).startswith(says)
    assert "\n" not in str(error.value)
