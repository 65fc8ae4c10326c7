"""The one error of this package."""


class EmbeddedServersError(Exception):
    """The embedded servers cannot be used; the text says why and what to do."""
