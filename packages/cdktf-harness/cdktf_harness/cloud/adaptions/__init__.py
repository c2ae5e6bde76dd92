"""Changes to ministack 1.5.33, each to the service that needs it.

Most fix a difference from AWS, so that providers, SDKs and people get AWS's answers from the embedded cloud, and no
stand-in has workarounds; two are for speed and for functions on the host's loopback. Each module names the difference
and the lines of ministack; ministack has a setting for none of them. Delete a module when a newer ministack does not
need it: the tests in `tests/cloud/test_adaptions.py` and, through the stand-ins, `tests/providers/test_*adaptions.py`
show that.
"""

from __future__ import annotations

from cdktf_harness.cloud.adaptions import (
    apigateway_answers,
    apigateway_hosts,
    apigateway_keys,
    apigateway_patch,
    apigateway_proxy,
    apigateway_records,
    apigateway_tags,
    cloudwatch,
    cloudwatch_alarms,
    connections,
    ecr_immutable,
    ecr_tags,
    lambda_capabilities,
    lambda_concurrency,
    lambda_events,
    lambda_images,
    lambda_logs,
    lambda_network,
    lambda_requests,
    lambda_waits,
    lambda_weights,
    logs_events,
    logs_filters,
    logs_pages,
    logs_queries,
    s3,
    sns,
)

_ADAPTIONS = (
    apigateway_answers,
    apigateway_hosts,
    apigateway_keys,
    apigateway_patch,
    apigateway_proxy,
    apigateway_records,
    apigateway_tags,
    cloudwatch,
    cloudwatch_alarms,
    connections,
    ecr_immutable,
    ecr_tags,
    lambda_capabilities,
    lambda_concurrency,
    lambda_events,
    lambda_images,
    lambda_logs,
    lambda_requests,
    lambda_waits,
    lambda_weights,
    logs_events,
    logs_filters,
    logs_pages,
    logs_queries,
    s3,
    sns,
)


def install(port: int) -> None:
    """Apply all changes to this process, before it serves on `port`."""
    lambda_network.install(port)
    for adaption in _ADAPTIONS:
        adaption.install()
