"""Run, deploy and test a CDK for Terraform app on a laptop, for real."""
