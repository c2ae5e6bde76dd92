"""What is deployed: the two stacks, the constructs they are made of, and their settings."""

from stacks import lazy_bindings

lazy_bindings.install("cdktf_cdktf_provider_aws", "cdktf_cdktf_provider_docker")
