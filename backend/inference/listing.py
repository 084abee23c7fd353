"""Lists of analyses over REST: a page of them with places in the queue, in few queries and little work."""

from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from backend.accounts.permissions import MayUseAnalyses
from backend.inference.models import Analysis
from backend.inference.selectors import narrow, queue_positions_added
from backend.inference.serializers import AnalysisOutput

SHOWN = AnalysisOutput()  # for reading alone, by all threads: its fields are made once and not at every poll


class AnalysesListView(ListAPIView):
    """What every list of analyses is made from; `get_queryset` says which."""

    permission_classes = (MayUseAnalyses,)
    serializer_class = AnalysisOutput
    queryset = Analysis.objects.none()

    def list(self, request: Request, *args: object, **kwargs: object) -> Response:
        """A page. Places in the queue are asked for its rows alone, not for all that are sorted."""
        page = self.paginate_queryset(narrow(self.filter_queryset(self.get_queryset()))) or []
        return self.get_paginated_response(
            [SHOWN.to_representation(analysis) for analysis in queue_positions_added(page)]
        )
