"""Why the registry refuses something, and how the API says so."""

from backend.core.problems import ApiProblem


class RegistryError(Exception):
    """A stable `code` and a sentence that says what is wrong and what to do."""

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(detail)
        self.code = code
        self.detail = detail


# Whatever is not named here is 422: the file or the form can't be used.
_STATUSES = {
    "duplicate": 409,
    "not_checked": 409,
    "active": 409,
    "retired": 409,
    "check_under_way": 409,
    "no_weights": 409,
    "disk_full": 503,
    "storage_error": 503,
}
RETRY_AFTER_S = 60


def registry_problem(error: RegistryError) -> ApiProblem:
    """The refusal as problem+json."""
    status = _STATUSES.get(error.code, 422)
    headers = {"Retry-After": str(RETRY_AFTER_S)} if status == 503 else None
    return ApiProblem(error.detail, code=error.code, status=status, headers=headers)
