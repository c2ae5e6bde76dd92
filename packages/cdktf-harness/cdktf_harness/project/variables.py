"""The environment variables that the harness's own `terraform` reads.

Each start of Terraform imports this module, so it imports nothing.
"""

# The path of another Terraform or OpenTofu to run instead.
TERRAFORM = "CDKTF_HARNESS_TERRAFORM"
# 0 turns off the fast loading of bindings (cdktf-fast-synth).
FAST_SYNTH = "CDKTF_FAST_SYNTH"
# The addresses of other apps' states (`terraform_remote_state`) that are read from their own backends.
REMOTE_STATES = "CDKTF_HARNESS_REMOTE_STATES"
# The folder of the state files; without it, Terraform uses the app's own backends.
STATES = "CDKTF_HARNESS_STATES"
