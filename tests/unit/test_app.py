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


def test_the_response_is_as_documented(app: ModuleType) -> None:
    """API Gateway takes a status, a body of type string and headers; the README shows the body, with its one space."""
    before = int(time.time())
    response = app.handler({"httpMethod": "GET", "path": "/time"}, None)
    seconds = json.loads(response["body"])["The current epoch time"]
    assert type(seconds) is int
    assert before <= seconds <= time.time()
    body = f'{{"The current epoch time": {seconds}}}'
    assert response == {"statusCode": 200, "body": body, "headers": {"Content-Type": "application/json"}}


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
