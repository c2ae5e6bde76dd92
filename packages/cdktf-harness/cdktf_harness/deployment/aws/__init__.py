"""Deployment to AWS: state bucket, protection, IAM policy."""
