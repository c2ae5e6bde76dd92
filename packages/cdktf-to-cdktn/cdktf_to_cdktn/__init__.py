"""CDK Terrain (cdktn), the living fork of CDK for Terraform: which of the two an app is, and how to move to it."""
