"""How Terraform finds the stand-ins: a mirror, launchers, providers that stay up, types that an app adds."""
