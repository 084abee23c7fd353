"""OpenAPI: every operation lists its errors as problem+json."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework.permissions import AllowAny

from backend.core.problems import CONTENT_TYPE
from backend.core.serializers import ProblemOutput

MEANINGS = {
    400: "Malformed, or a field is missing or wrong.",
    401: "Not signed in.",
    403: "Wrong role, or the CSRF token is missing.",
    404: "Not there, or somebody else's.",
    405: "This address does not offer the method.",
    409: "The present state does not allow it.",
    413: "Too large.",
    415: "The format of the request is not offered.",
    422: "Unreadable, hostile or contradictory: a reason per field.",
    429: "Too many requests: see Retry-After.",
    503: "Not now: see Retry-After.",
}
UNSAFE = ("POST", "PUT", "PATCH", "DELETE")


def problems(*statuses: int) -> dict[Any, Any]:
    """Responses for `extend_schema(responses={…, **problems(409, 413)})`, beside the usual ones."""
    return {
        (status, CONTENT_TYPE): OpenApiResponse(ProblemOutput, description=MEANINGS[status])
        for status in statuses
    }


class ProblemAutoSchema(AutoSchema):
    """Adds the errors that any view of this kind may answer with."""

    def get_response_serializers(self) -> Any:
        declared: Any = super().get_response_serializers()
        if not isinstance(declared, dict):
            declared = {self._success_status(): declared}
        return declared | {
            key: response
            for key, response in problems(*self._usual_errors()).items()
            if not any(_status(known) == key[0] for known in declared)
        }

    def _success_status(self) -> int:
        return {"POST": 201, "DELETE": 204}.get(self.method, 200)

    def _usual_errors(self) -> list[int]:
        errors = [400] if self.method in UNSAFE or self._is_list_view() else []
        if AllowAny not in getattr(self.view, "permission_classes", []):
            errors.append(401)
        if self.method in UNSAFE:
            errors.append(403)
        if "{" in self.path:
            errors.append(404)
        if self.method in ("POST", "PUT", "PATCH"):
            errors.append(415)
        return errors


def _status(key: Any) -> int:
    return int(key[0] if isinstance(key, tuple) else key)
