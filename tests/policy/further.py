"""What is called, or needed, beside the recorded calls.

The real AWS provider asks for instance profiles that have a role before it deletes that (by its source, hashicorp/aws
6.25, internal/service/iam/role.go, DeleteRole, and a recording of it). With the setting `canary`, a new version is
called. CreateBucket with tags needs an action that the embedded cloud does not ask for (S3's API reference,
CreateBucketConfiguration, "Tags"). Lambda answers GetFunction with tags only for who may list them (Lambda's API
reference, GetFunction, "Tags"): without that, no step fails, but no plan is ever empty. A
promotion reads the state of its source on a machine that has not deployed that in the last minutes.
"""

from __future__ import annotations

from cdktf_harness.cloud import ACCOUNT
from cdktf_harness.cloud.permissions.decisions import Decision
from policy.life import BUCKET, REGION

_ROLES = [f"arn:aws:iam::{ACCOUNT}:role/{name}" for name in ("ontra-dev", "ontra-dev-api-logs")]
_FUNCTION = f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:ontra-dev"
FURTHER = {
    "bootstrap": [Decision("", "s3:TagResource", f"arn:aws:s3:::{BUCKET}", {})],
    "build": [Decision("", "lambda:ListTags", _FUNCTION, {})],
    "on call": [Decision("", "lambda:ListTags", _FUNCTION, {})],
    "promote": [
        Decision("", "s3:ListBucket", f"arn:aws:s3:::{BUCKET}", {}),
        Decision("", "s3:GetObject", f"arn:aws:s3:::{BUCKET}/ontra-dev/api.tfstate", {}),
    ],
    "build after a change": [Decision("", "lambda:InvokeFunction", f"{_FUNCTION}:2", {})],
    "destroy": [Decision("", "iam:ListInstanceProfilesForRole", role, {}) for role in _ROLES],
}
