"""Deployments: to an embedded cloud and to AWS."""
