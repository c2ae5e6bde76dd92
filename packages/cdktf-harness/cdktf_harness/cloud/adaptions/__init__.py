"""Differences of ministack 1.5.33 from AWS, each fixed in the service that has it.

So providers, SDKs and people get AWS's answers from the embedded cloud, and no stand-in has workarounds. Each module
names the difference and the lines of ministack; ministack has a setting for none of them. Delete a module when a newer
ministack behaves as AWS: `tests/providers/test_adaptions.py` shows that.
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
    """Apply all fixes to this process, before it serves."""
    for adaption in _ADAPTIONS:
        adaption.install()
