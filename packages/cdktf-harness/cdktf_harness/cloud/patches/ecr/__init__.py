"""Patches of ECR."""
