"""A folder for PYTHONPATH, with which the provider bindings of an app load late that knows nothing of it."""
