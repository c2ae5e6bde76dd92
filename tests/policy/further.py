"""What is called beside the recorded calls.

The real AWS provider asks for instance profiles that have a role before it deletes that (by its source, hashicorp/aws
6.25, internal/service/iam/role.go, DeleteRole, and a recording of it). With the setting `canary`, a new version is
called.
"""

from __future__ import annotations

from cdktf_harness.cloud.permissions.decisions import Decision
from cdktf_harness.cloud.process import ACCOUNT

_ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("ontra-dev", "ontra-dev-api-logs")]
_VERSION = f"arn:aws:lambda:eu-central-1:{ACCOUNT}:function:ontra-dev:2"
FURTHER = {
    "build after a change": [Decision("", "lambda:InvokeFunction", _VERSION, {})],
    "destroy": [Decision("", "iam:ListInstanceProfilesForRole", role, {}) for role in _ROLES],
}
