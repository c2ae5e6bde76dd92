"""Permissions that a call needs in a cloud that evaluates IAM policies."""
