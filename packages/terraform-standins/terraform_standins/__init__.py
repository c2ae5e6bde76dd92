"""Bundled stand-ins for the Terraform providers hashicorp/aws and kreuzwerker/docker."""
