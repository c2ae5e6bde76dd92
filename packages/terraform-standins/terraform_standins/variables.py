"""The environment variables that say how the stand-ins work.

Read by each start of Terraform, so it imports nothing.
"""

# Set to 1: the stand-ins are started once a command. Terraform alone starts each of them three or four times.
KEEP_PROVIDERS = "CDKTF_HARNESS_KEEP_PROVIDERS"
# Terraform's own: the servers that it uses instead of starting providers.
REATTACH = "TF_REATTACH_PROVIDERS"
# The folder of the certificate; the launchers of the mirror pass it on.
TLS_FOLDER = "CDKTF_HARNESS_TLS_FOLDER"
# Names of modules with an app's own types, with a space between them, and the folder that they are imported from.
TYPES = "CDKTF_HARNESS_TYPES"
TYPES_FOLDER = "CDKTF_HARNESS_TYPES_FOLDER"
# The folder in which each build of an image notes when its steps ran (see `docker.build_notes`).
BUILDS = "CDKTF_HARNESS_BUILDS"
