"""Every address of the server with the methods that it knows."""

from collections.abc import Iterator
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

PLAIN_METHODS = ("GET", "POST")  # a view of Django's own takes what it is sent


def all_routes() -> dict[str, tuple[str, ...]]:
    """Route → methods, as the URL resolver holds them."""
    return {route: methods_of(view) for route, view in _walk(get_resolver().url_patterns, "")}


def methods_of(view: Any) -> tuple[str, ...]:
    """What a REST view implements (OPTIONS apart), or GET and POST for any other view."""
    view_class = getattr(view, "cls", None)
    if view_class is None:
        return PLAIN_METHODS
    names = ("get", "post", "put", "patch", "delete")
    return tuple(name.upper() for name in names if hasattr(view_class, name))


def _walk(patterns: list[Any], prefix: str) -> Iterator[tuple[str, Any]]:
    for entry in patterns:
        route = f"{prefix}{entry.pattern}"
        if isinstance(entry, URLResolver):
            yield from _walk(entry.url_patterns, route)
        elif isinstance(entry, URLPattern):
            yield route, entry.callback
