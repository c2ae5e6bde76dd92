"""The app: its table in pyproject.toml, its configuration files, the environment of its programs."""
