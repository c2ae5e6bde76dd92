"""ECR: repositories of container images."""

from . import authorization_token, policies, repository

TYPES = (*authorization_token.TYPES, *policies.TYPES, *repository.TYPES)
