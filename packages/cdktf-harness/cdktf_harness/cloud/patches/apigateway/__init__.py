"""Patches of API Gateway, REST and HTTP APIs."""
