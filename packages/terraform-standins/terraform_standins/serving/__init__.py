"""How Terraform finds the stand-ins: a mirror, launchers, servers that are kept, an app's own types."""
