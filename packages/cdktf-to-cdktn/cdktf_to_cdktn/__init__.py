"""Move an app from CDK for Terraform (cdktf) to CDK Terrain (cdktn), the maintained fork."""
