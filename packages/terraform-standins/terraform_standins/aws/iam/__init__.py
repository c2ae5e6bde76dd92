"""IAM: roles and policies."""

from . import policy_document, role, role_policy

TYPES = (
    *policy_document.TYPES,
    *role.TYPES,
    *role_policy.TYPES,
)
