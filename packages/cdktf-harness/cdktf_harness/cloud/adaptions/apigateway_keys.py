"""API Gateway: an API key whose value is empty gets a generated one.

ministack refuses it as too short (services/apigateway_v1.py 5010-5015), without a setting; AWS takes "" for no value,
and the provider of Terraform always sends one. A value of 1 to 19 characters is refused by both.
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]


def install() -> None:
    """Take an empty value for none."""
    create = service._create_api_key

    def create_without_empty(data: dict[str, Any]) -> Any:
        return create({key: value for key, value in data.items() if key != "value" or value != ""})

    service._create_api_key = create_without_empty
