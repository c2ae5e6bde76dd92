"""What all other parts use: the app and its table, the environment of child processes, processes, errors."""
