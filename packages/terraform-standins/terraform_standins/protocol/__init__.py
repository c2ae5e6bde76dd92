"""Terraform's plugin protocol, for providers whose resources it knows nothing about."""
