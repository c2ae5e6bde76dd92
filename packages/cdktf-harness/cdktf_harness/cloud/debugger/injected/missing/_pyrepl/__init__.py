"""Stands in where an image lacks it: debugpy imports `xmlrpc.server`, that `pydoc`, that this; none is used."""
