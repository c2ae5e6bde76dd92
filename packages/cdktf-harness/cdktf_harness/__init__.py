"""Run, deploy and test a CDK for Terraform app on a laptop, for real.

The interface is the command, the table in pyproject.toml, and the fixtures and types of `pytest_plugin`.
"""

__all__ = ["pytest_plugin"]
