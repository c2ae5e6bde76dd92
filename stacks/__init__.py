"""What is deployed: the two stacks, the constructs they are made of, and their settings."""

from stacks import fast_imports

fast_imports.install("cdktf_cdktf_provider_aws", "cdktf_cdktf_provider_docker")
