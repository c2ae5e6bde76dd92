"""The schemas of the pinned provider versions as JSON, and the program that writes them."""
