"""Why the registry refuses something."""


class RegistryError(Exception):
    """A stable `code` and a sentence that says what is wrong and what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail
