"""A deployment: to an embedded cloud or to AWS, and as tests use it."""
