"""Content negotiation that never answers 406."""

from typing import Any

from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.utils.mediatypes import media_type_matches


class FirstRendererNegotiation(BaseContentNegotiation):
    """An address has one format (JSON, or PNG where its name says so); `Accept` is only a wish."""

    def select_parser(self, request: Request, parsers: Any) -> Any:
        return next((p for p in parsers if media_type_matches(p.media_type, request.content_type)), None)

    def select_renderer(self, request: Request, renderers: Any, format_suffix: Any = None) -> Any:
        return renderers[0], renderers[0].media_type
