"""Everything that `pydoc` imports from here, without a use."""


def __getattr__(name: str) -> None:
    if name.startswith("__"):
        raise AttributeError(name)
