"""A folder for PYTHONPATH: it makes provider bindings load lazily in an app that does not import this package."""
