"""API Gateway: an API key with an empty value gets a generated value.

ministack refuses it as too short (services/apigateway_v1.py 5010-5015). AWS treats "" as no value, and Terraform's
provider always sends a value. Both refuse a value of 1 to 19 characters.
"""

from __future__ import annotations

from typing import Any

from ministack.services import apigateway_v1 as service  # type: ignore[import-untyped]

from cdktf_harness.cloud.replacing import replaces


@replaces(service, "_create_api_key")
def _create(original: Any, data: dict[str, Any]) -> Any:
    return original({key: value for key, value in data.items() if key != "value" or value != ""})
