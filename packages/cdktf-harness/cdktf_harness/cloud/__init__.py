"""The embedded AWS: its process, the ASGI applications in front of its services, the network access of functions."""
