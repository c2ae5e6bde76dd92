"""What the real AWS provider calls beside the bundled one, by its source (hashicorp/aws 6.25) and a recording of it.

Before it deletes a role, it asks for instance profiles that have the role (internal/service/iam/role.go, DeleteRole).
"""

from __future__ import annotations

from cdktf_harness.cloud.permissions.decisions import Decision
from cdktf_harness.cloud.process import ACCOUNT

_ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("ontra-dev", "ontra-dev-api-logs")]
FURTHER = {"destroy": [Decision("", "iam:ListInstanceProfilesForRole", role, {}) for role in _ROLES]}
