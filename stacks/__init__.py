"""The two stacks that are deployed, their constructs and their settings."""
