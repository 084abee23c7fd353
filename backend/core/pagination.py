"""Cursor pages: {next, previous, results}."""

from rest_framework.pagination import CursorPagination


class NewestFirst(CursorPagination):
    """Newest first; stable while rows are added; 20 a page unless `page_size` (≤ 100) says otherwise."""

    ordering: tuple[str, ...] = ("-created_at", "-id")
    page_size = 20
    max_page_size = 100
    page_size_query_param = "page_size"
