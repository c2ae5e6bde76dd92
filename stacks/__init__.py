"""What is deployed: the two stacks, the constructs they are made of, and their settings."""
