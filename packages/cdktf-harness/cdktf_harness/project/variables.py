"""The environment variables by which a deployment tells its Terraform what to do.

Read by each start of Terraform, so it imports nothing.
"""

# Another Terraform or OpenTofu that is to run instead: a program's name or path.
ENGINE = "CDKTF_HARNESS_ENGINE"
# Set to 0: the bindings of an app load as they are (cdktf-fast-synth).
FAST_SYNTH = "CDKTF_FAST_SYNTH"
# The folder of the states; without it, Terraform uses the app's own backends.
STATES = "CDKTF_HARNESS_STATES"
