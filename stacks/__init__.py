"""The two stacks that are deployed, and their settings."""
