"""OpenAPI: every operation lists its errors as problem+json."""

from typing import Any

from drf_spectacular.openapi import AutoSchema
from drf_spectacular.utils import OpenApiResponse
from rest_framework.fields import Field
from rest_framework.permissions import AllowAny

from backend.core.fields import NO_NUL, TextField
from backend.core.problems import CONTENT_TYPE
from backend.core.serializers import ProblemOutput

MEANINGS = {
    400: "Malformed, or a field is missing or wrong.",
    401: "Not signed in.",
    403: "Wrong role, a token without the scope, or the CSRF token is missing.",
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

    def _get_response_bodies(self, direction: Any = "response") -> dict[str, Any]:
        bodies: dict[str, Any] = super()._get_response_bodies(direction)
        for (status, media_type), response in problems(*self._usual_errors()).items():
            if str(status) not in bodies:
                bodies[str(status)] = self._get_response_for_code(
                    response, str(status), (media_type,), direction
                )
        return bodies

    def _insert_field_validators(self, field: Field, schema: dict[str, Any]) -> None:
        """The framework's rule against null characters is none that the generator knows."""
        super()._insert_field_validators(field, schema)
        if isinstance(field, TextField):
            schema.setdefault("pattern", NO_NUL)

    def _get_request_body(self, direction: Any = "request") -> Any:
        """The generator knows no body of DELETE; a view that takes one says `delete_takes_body`."""
        if self.method != "DELETE" or not getattr(self.view, "delete_takes_body", False):
            return super()._get_request_body(direction)
        self.method = "POST"
        try:
            return super()._get_request_body(direction)
        finally:
            self.method = "DELETE"

    def _usual_errors(self) -> list[int]:
        is_list = self._is_list_view()
        errors = [400] if self._takes_body() or is_list or self._takes_a_query() else []
        errors.append(401)  # a wrong token, even where none is needed
        if self.method in UNSAFE or not self._is_open_to_all():
            errors.append(403)
        if "{" in self.path or is_list:  # a cursor that is not one of ours is 404 too
            errors.append(404)
        if self._takes_body():
            errors.append(415)
        return errors

    def _takes_body(self) -> bool:
        """POST, PUT and PATCH do, and a DELETE that says so."""
        takes_one = self.method == "DELETE" and getattr(self.view, "delete_takes_body", False)
        return self.method in ("POST", "PUT", "PATCH") or takes_one

    def _takes_a_query(self) -> bool:
        """Whether it has parameters that can be given twice, or wrongly."""
        return any(parameter["in"] == "query" for parameter in self._get_parameters())

    def _is_open_to_all(self) -> bool:
        """Whether no role and no scope is asked for."""
        return all(type(permission) is AllowAny for permission in self.view.get_permissions())
