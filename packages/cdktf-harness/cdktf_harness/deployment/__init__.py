"""Deployments to an embedded cloud and to AWS, and their use in tests."""
