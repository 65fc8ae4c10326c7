"""The one exception for what a user can mend; everything else is loud."""


class UserError(Exception):
    """A Danish sentence that says what is wrong and what to do, with a stable code for scripts."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
