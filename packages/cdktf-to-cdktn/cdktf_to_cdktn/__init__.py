"""Move an app from CDK for Terraform (cdktf) to CDK Terrain (cdktn), the maintained fork."""

# The interface is `python -m cdktf_to_cdktn`.
__all__: list[str] = []
