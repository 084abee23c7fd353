"""Cursor pages: {next, previous, results}."""

from typing import Any

from rest_framework.pagination import CursorPagination
from rest_framework.request import Request

from backend.core.query import whole_number


class NewestFirst(CursorPagination):
    """Newest first; stable while rows are added; 20 a page unless `page_size` (1 to 100) says otherwise."""

    ordering: tuple[str, ...] = ("-created_at", "-id")
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"

    def get_page_size(self, request: Request) -> int:
        """The number asked for; one that is out of bounds is refused, not cut."""
        name, most = self.page_size_query_param, self.max_page_size
        return whole_number(request, name, least=1, most=most, default=type(self).page_size)

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        parameters: list[dict[str, Any]] = super().get_schema_operation_parameters(view)
        for parameter in parameters:
            if parameter["name"] == self.page_size_query_param:
                bounds = {"minimum": 1, "maximum": self.max_page_size, "default": self.page_size}
                parameter["schema"] = {"type": "integer", **bounds}
        return parameters
