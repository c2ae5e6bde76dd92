"""An app and its table, the environment of what is started, processes, errors: the ground of all other parts."""
