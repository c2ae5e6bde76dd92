"""Deployment to the embedded cloud on this machine."""
