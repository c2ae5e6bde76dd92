"""The app: planned and deployed. A mock takes the function's calls, since its runtime's image may not be here."""

from __future__ import annotations

import re
from collections.abc import Callable

from cdktf_harness.pytest_plugin import Converges, Deployed, FunctionMock


def test_another_greeting_keeps_the_name(deployment: Deployed) -> None:
    """The random suffix is in the state."""
    deployment.changed(greeting="Welcome").assert_actions({"greeter/function": "update"})


def test_an_edit_of_the_source_is_an_update(deployment: Deployed) -> None:
    """The hash of the zip file changes."""
    deployment.app.edit("function/app.py", "it greets", "it welcomes")
    deployment.plan().assert_actions({"greeter/function": "update"})
    deployment.app.edit("function/app.py", "it welcomes", "it greets")


def test_callers_get_the_answers_of_a_mock(deployment: Deployed, mock_function: Callable[[str], FunctionMock]) -> None:
    """No code of the function runs."""
    mock_function(deployment.output("greeter.name", str)).answers({"text": "Hello, Ada"})
    assert deployment.function("greeter/function").invoke({"name": "Ada"}) == {"text": "Hello, Ada"}


def test_the_cloud_has_the_file_that_terraform_knows(deployment: Deployed) -> None:
    """Under the name with the random suffix."""
    name = deployment.output("greeter.name", str)
    assert re.fullmatch("greeter-[0-9a-f]{8}", name)
    found = deployment.cloud.client("lambda").get_function_configuration(FunctionName=name)
    assert found["CodeSha256"] == deployment.resource("greeter/function")["source_code_hash"]


def test_it_converges(deployment: Deployed, assert_converges: Converges) -> None:
    """A second plan is empty, and a destroy leaves nothing."""
    assert_converges(deployment=deployment)
