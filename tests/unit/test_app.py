"""The application alone: the handler's response to API Gateway."""

from __future__ import annotations

import importlib.util
import json
import time
from pathlib import Path
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

SOURCE = Path(__file__).parents[2] / "lambda_image" / "app.py"


@pytest.fixture(scope="module")
def app() -> ModuleType:
    """The module as Lambda imports it: alone in its folder."""
    spec = importlib.util.spec_from_file_location("app", SOURCE)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_body_is_the_current_epoch_time_and_nothing_else(app: ModuleType) -> None:
    """The body is a JSON object of one key, whose value is now in whole seconds."""
    before = int(time.time())
    body = json.loads(app.handler({}, None)["body"])
    assert list(body) == ["The current epoch time"]
    assert type(body["The current epoch time"]) is int
    assert before <= body["The current epoch time"] <= time.time()


def test_response_is_what_a_proxy_integration_takes(app: ModuleType) -> None:
    """API Gateway answers 502 to anything but a status, a body of type string and headers."""
    response = app.handler({"httpMethod": "GET", "path": "/time"}, None)
    assert set(response) == {"statusCode", "body", "headers"}
    assert response["statusCode"] == 200
    assert isinstance(response["body"], str)
    assert response["headers"] == {"Content-Type": "application/json"}


def test_body_is_written_as_documented(app: ModuleType) -> None:
    """The text itself, with its one space, is what the README shows and users compare with."""
    response = app.handler({}, None)
    seconds = json.loads(response["body"])["The current epoch time"]
    assert response["body"] == f'{{"The current epoch time": {seconds}}}'


EVENTS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.dictionaries(st.text(), EVENTS))
def test_any_event_gets_the_answer(app: ModuleType, event: dict[str, object]) -> None:
    """The content of the event does not matter."""
    response = app.handler(event, None)
    assert response["statusCode"] == 200
    assert list(json.loads(response["body"])) == ["The current epoch time"]
