"""The environment variables that configure the stand-ins.

Every start of Terraform imports this module, so it imports nothing.
"""

# 1: start the stand-ins once per command. Otherwise Terraform starts each of them three or four times.
KEEP_PROVIDERS = "TERRAFORM_STANDINS_KEEP_PROVIDERS"
# The socket of a process from which they are forked, and what it is (see `serving.fork_server`).
FORK_SERVER = "TERRAFORM_STANDINS_FORK_SERVER"
# Terraform's own variable: the servers that it uses instead of starting providers.
REATTACH = "TF_REATTACH_PROVIDERS"
# The folder of the certificate; the launchers of the mirror set it.
TLS_FOLDER = "TERRAFORM_STANDINS_TLS_FOLDER"
# Modules with types that an app adds, separated by spaces, and the folder to import them from.
TYPES = "TERRAFORM_STANDINS_TYPES"
TYPES_FOLDER = "TERRAFORM_STANDINS_TYPES_FOLDER"
