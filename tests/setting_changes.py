"""Another value of each setting, and what it does to a deployment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple


class Case(NamedTuple):
    """Another value of a setting, and what it does to resources, by construct path; all others are untouched.

    A `*` in a path stands for each route. `needs` are other settings that it is refused without.
    """

    value: Any
    actions: dict[str, str]
    needs: Mapping[str, Any] = {}


# A change of the function is a new version, to which the alias moves.
NEW_VERSION = {"api/function/function": "update", "api/function/alias": "update"}
NEW_IMAGE = {"api/image/image": "replace", **NEW_VERSION}
# What has the deployment's name in its own cannot be renamed; what has it in a tag or as a display name can.
NEW_NAME = {
    "registry/repository/repository": "replace",
    "registry/repository/lifecycle": "replace",
    "registry/repository/policy": "replace",
    "api/function/logs": "replace",
    "api/function/role": "replace",
    "api/function/write-logs": "replace",
    "api/function/function": "replace",
    "api/function/alias": "replace",
    "api/api/rest-api": "update",
    "api/api/*/integration": "update",
    "api/api/*/permission": "replace",
    "api/api/deployment": "replace",
}
WEB_ACL = "arn:aws:wafv2:eu-central-1:000000000000:regional/webacl/name/0a1b"
MONITORING = (
    *("notifications/key", "notifications/topic", "dashboard/dashboard", "access-logs/logs", "tracing/write-traces"),
    *(f"alarms/{name}" for name in ("errors", "throttles", "duration", "api-errors", "api-latency")),
    *(
        f"queries/{name}"
        for name in ("failed-requests", "slowest-requests", "callers", "function-errors", "cold-starts")
    ),
)
MONITORED = {
    **{f"api/monitoring/{part}": "create" for part in MONITORING},
    "api/api/stage": "update",
    # Traces.
    **NEW_VERSION,
}
CASES = {
    "memory_mb": Case(256, NEW_VERSION),
    # The gateway waits as long as the function may take.
    "timeout_s": Case(
        20,
        {**NEW_VERSION, "api/api/*/integration": "update", "api/api/deployment": "replace", "api/api/stage": "update"},
    ),
    "log_retention_days": Case(30, {"api/function/logs": "update"}),
    # The provider has no update of it; the repository and its images stay.
    "rate_limit": Case(50, {"api/access/limits": "update"}),
    "burst_limit": Case(50, {"api/access/limits": "update"}),
    "reserved_concurrency": Case(5, {"api/function/function": "update"}),
    "api_key": Case(
        True,
        {
            **{f"api/access/{part}": "create" for part in ("key", "plan", "plan-key")},
            "api/api/*/method": "update",
            "api/api/deployment": "replace",
            "api/api/stage": "update",
        },
    ),
    # Only on AWS.
    "account": Case("000000000000", {}),
    "permissions_boundary": Case("arn:aws:iam::000000000000:policy/roles", {"api/function/role": "update"}),
    "web_acl_arn": Case(WEB_ACL, {"api/access/web-acl": "create"}),
    "monitoring": Case(True, MONITORED),
    "alarm_email": Case(
        "ops@example.com", {**MONITORED, "api/monitoring/notifications/email": "create"}, needs={"monitoring": True}
    ),
    # Of the monitoring, which is off.
    "alarm_latency_ms": Case(500, {}),
    "api_gateway_role": Case(True, {}),
    "images_kept": Case(3, {"registry/repository/lifecycle": "replace"}),
    # The image of the source stays as it is, for the next deployment without the setting.
    "image_digest": Case(f"sha256:{'1' * 64}", NEW_VERSION),
    # The function waits for it, and does not change.
    "signing_key": Case(
        "arn:aws:kms:eu-central-1:000000000000:key/1a2b",
        {
            "registry/repository/lifecycle": "replace",
            "api/signature/pushed": "create",
            "api/signature/signature": "create",
        },
    ),
    # Until a deployment names the main version.
    "canary": Case(0.1, {}),
    "canary_minutes": Case(5, {}),
    # The one that is deployed.
    "main_version": Case("1", {}),
    # It is in the tag of the next image.
    "commit": Case("1234567", {}),
    "build_args": Case({"BUILD_BASE": "other"}, NEW_IMAGE),
    "architecture": Case("x86_64", NEW_IMAGE),
    "route": Case(
        "/another",
        {
            **{f"api/api/GET-time/{part}": "delete" for part in ("method", "integration", "permission")},
            **{f"api/api/GET-another/{part}": "create" for part in ("method", "integration", "permission")},
            "api/api/resource-time": "delete",
            "api/api/resource-another": "create",
            "api/api/deployment": "replace",
            "api/api/stage": "update",
        },
    ),
    "name_prefix": Case("other", {**NEW_NAME, "api/api/stage": "update"}),
    # Terraform's plan does not show what it refuses.
    "protected": Case(
        True,
        {
            "registry/repository/repository": "update",
            'registry/kept["registry/repository/repository"]': "create",
            **{f'api/kept["api/{path}"]': "create" for path in ("function/logs", "api/rest-api", "api/stage")},
        },
    ),
    "destroy": Case("ontra-dev", {}),
    # Resources keep the region that they were made in (hashicorp/aws 6.x): another region is another deployment.
    "region": Case("us-east-1", {"registry/repository/policy": "update"}),
}
# These say where a deployment or its state is, not what it is: another value is another deployment or another state.
AWS = {"target": "aws", "endpoint": ""}
ELSEWHERE = {
    "stage": {"stage": "anna"},
    "target": {"target": "local", "endpoint": "http://localhost:4566"},
    "endpoint": {"target": "local", "endpoint": "http://localhost:4567"},
    "state_bucket": {"state_bucket": "states"},
    "state_folder": {"state_folder": "elsewhere"},
}
