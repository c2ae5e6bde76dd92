"""Terraform's plugin protocol, independent of any provider."""
