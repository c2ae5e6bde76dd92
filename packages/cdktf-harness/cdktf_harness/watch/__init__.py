"""Deploy what changes, as soon as it changes."""
