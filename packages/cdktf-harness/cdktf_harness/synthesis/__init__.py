"""Run an app, read what it synthesizes, and note where it makes its constructs."""
