"""Faults of ministack 1.5.33 against AWS, each mended in the service that has it.

A provider, an SDK or a person that talks to the embedded cloud then sees what AWS answers, so no stand-in works around
one. Each module names the fault, the lines of ministack that have it and why no setting helps. When a newer ministack
has mended one, its module goes; `tests/providers/test_adaptions.py` tells.
"""

from __future__ import annotations

from cdktf_harness.cloud.adaptions import (
    apigateway_answers,
    apigateway_keys,
    apigateway_patch,
    apigateway_proxy,
    apigateway_tags,
    cloudwatch,
    lambda_events,
    sns,
)

_ADAPTIONS = (
    apigateway_answers,
    apigateway_keys,
    apigateway_patch,
    apigateway_proxy,
    apigateway_tags,
    cloudwatch,
    lambda_events,
    sns,
)


def install() -> None:
    """Mend the services of this process, before it serves."""
    for adaption in _ADAPTIONS:
        adaption.install()
