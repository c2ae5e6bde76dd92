"""Settings: their sources, and the errors of bad values."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cdktf_harness.project.project import find
from checkout import PROJECT
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


@pytest.mark.parametrize("text", ["true", "1", "YES", "on", "T", "y", "false", "0", "off", "n"])
def test_a_protected_stage_is_one_for_the_commands_too(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """They ask before they deploy, in each spelling that the app takes."""
    monkeypatch.setenv("ONTRA_PROTECTED", text)
    assert find(PROJECT).protected == settings.load().protected


def test_a_stage_has_values_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its file is over cdktf.json, variables are over both; a stage without a file has the default's values."""
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    (tmp_path / "stages").mkdir()
    files = {
        "cdktf.json": '{"context": {"stage": "dev", "memory_mb": 256, "images_kept": 5}}',
        "stages/dev.json": '{"memory_mb": 512}',
        "stages/prod.json": '{"memory_mb": 1024, "protected": true}',
    }
    for name, content in files.items():
        (tmp_path / name).write_text(content)

    def found(stage: str) -> tuple[str, int, int, bool]:
        monkeypatch.setenv("ONTRA_STAGE", stage)
        values = settings.load()
        return values.name, values.memory_mb, values.images_kept, values.keeps

    assert found("prod") == ("ontra-prod", 1024, 5, True)
    assert found("dev") == ("ontra-dev", 512, 5, False)
    assert found("anna") == ("ontra-anna", 512, 5, False)
    monkeypatch.setenv("ONTRA_MEMORY_MB", "128")
    monkeypatch.setenv("ONTRA_DESTROY", "ontra-prod")
    assert found("prod") == ("ontra-prod", 128, 5, False)
    (tmp_path / "stages" / "prod.json").write_text("[]")
    with pytest.raises(SettingsError, match=r"^stages/prod.json: expected a JSON object; fix that file$"):
        settings.load()


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("TARGET", "azure", "target: got 'azure'. Input should be 'aws' or 'local'; for example 'aws' (in cdktf.json"),
        ("STAGE", "My Stage", "stage: got 'My Stage'. String should match pattern '^[a-z][a-z0-9-]{0,15}$'; for"),
        ("MEMORY_MB", "64", "memory_mb: got '64'. Input should be greater than or equal to 128; for example 128 (in"),
        ("TIMEOUT_S", "30", "timeout_s: got '30'. Input should be less than or equal to 29; for example 10"),
        ("LOG_RETENTION_DAYS", "8", "log_retention_days: got '8'. Input should be one of 1, 3, 5, 7, 14"),
        ("ARCHITECTURE", "riscv", "architecture: got 'riscv'. Input should be 'arm64' or 'x86_64'"),
        ("REGION", "Frankfurt", "region: got 'Frankfurt'. String should match pattern '^["),
        ("DESTROY", "ontra-prod", "destroy: got 'ontra-prod'. It should be 'ontra-dev', this deployment's name"),
        ("PROTECTED", "maybe", "protected: got 'maybe'. Input should be a valid boolean"),
        ("ROUTE", "time", "route: got 'time'. String should match pattern '^("),
        ("BUILD_ARGS", "BASE=x", "build_args: got 'BASE=x'. Input should be a JSON object: expected value"),
        ("BUILD_ARGS", "[" * 9000, "build_args: got '[[["),
        ("BUILD_ARGS", '{"A B": "x"}', "build_args: got 'A B'. String should match pattern '^["),
        ("BUILD_ARGS", '{"A": 1}', "build_args: got 1. Input should be a valid string"),
        ("BUILD_ARGS", '{"A": "\\ud800"}', 'build_args: got \'{"A": "\\\\ud800"}\'. Input should be a JSON object'),
        ("STATE_BUCKET", "${x}", "state_bucket: got '${x}'. String should match pattern '^("),
        ("STATE_FOLDER", "a\nb", "state_folder: got 'a\\nb'. String should match pattern '^["),
        ("STATE_FOLDER", "/e\u0301", "state_folder: got '/e\u0301'. Path should be without ${ and %{, in Unicode's"),
        ("STATE_FOLDER", "/${x}", "state_folder: got '/${x}'. Path should be without ${ and %{, in Unicode's normal"),
        ("ENDPOINT", "http://evil.example", "endpoint: got 'http://evil.example'. String should match pattern '^("),
        ("MEMROY", "512", "memroy: no such setting; there are target, region"),
        ("ALARM_EMAIL", "o@example.com", "alarm_email: needs the alarms of `monitoring`; set `monitoring` to true, or"),
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


# The folder of the state is checked with that of the project.
TEXTUAL = {name: field for name, field in Settings.model_fields.items() if field.annotation is str}


@pytest.mark.parametrize("name", sorted(TEXTUAL.keys() - {"state_folder"}))
@pytest.mark.parametrize("template", ["${x}", "%{x}"])
def test_no_text_is_a_template_of_terraform(name: str, template: str) -> None:
    """A value that Terraform would evaluate is refused, wherever it has the template."""
    allowed = str((TEXTUAL[name].examples or [TEXTUAL[name].default])[0])
    for place in range(len(allowed) + 1):
        with pytest.raises(SettingsError, match=f"^{name}: got "):
            settings.load(**{"endpoint": "http://localhost:4566", name: allowed[:place] + template + allowed[place:]})


# What fits into a variable of the environment, and what nearly is a value.
VARIABLES = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=30) | st.sampled_from(
    ["", "0", "1e3", "128", "٣", "/a/../b", "{}", '{"A": "b"}', '{"A": 1}', "[]", "local", "a\nb"]
)


@given(st.dictionaries(st.sampled_from(list(Settings.model_fields)), VARIABLES, max_size=4))
def test_any_variables_are_settings_or_one_line(variables: dict[str, str]) -> None:
    """No exported variable ends in a traceback."""
    said = "loaded"
    with pytest.MonkeyPatch.context() as environment:
        for name, value in variables.items():
            environment.setenv(f"ONTRA_{name.upper()}", value)
        try:
            settings.load()
        except SettingsError as error:
            said = str(error)
    assert len(said.splitlines()) == 1, said


@pytest.mark.parametrize("text", ["", "[", "[]", '{"context": 5}'])
def test_a_broken_cdktf_json_is_told_in_one_line(text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The error says what is expected."""
    monkeypatch.setattr(settings, "PROJECT", tmp_path)
    (tmp_path / "cdktf.json").write_text(text)
    with pytest.raises(SettingsError, match=r"^cdktf.json: expected a JSON object.*; fix that file$"):
        settings.load()
