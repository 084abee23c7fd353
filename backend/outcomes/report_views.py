"""The report of an analysis over REST: for whoever may see its images, made anew at each request."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.views import APIView

from backend.accounts.ownership import readable_by
from backend.accounts.permissions import MayUseAnalyses
from backend.audit.choices import AuditAction, ObjectKind
from backend.audit.services import audit_record
from backend.core.problems import Conflict
from backend.core.schema import problems
from backend.inference.media_responses import choice_of
from backend.inference.models import Analysis
from backend.inference.report.page import report_pdf
from backend.inference.report.words import ENGLISH, LANGUAGES
from backend.inference.selectors import analyses_within
from backend.inference.shares import analyses_readable
from backend.inference.withholding import refuse_while_withheld
from backend.outcomes.selectors import said_of

PDF = {(200, "application/pdf"): OpenApiTypes.BINARY}


class AnalysisReportView(APIView):
    """One page of paper."""

    permission_classes = (MayUseAnalyses,)

    @extend_schema(
        operation_id="analyses_report",
        parameters=[OpenApiParameter("lang", str, enum=LANGUAGES, default=ENGLISH)],
        responses=PDF | problems(403, 409, 422),
    )
    def get(self, request: Request, pk: str) -> HttpResponse:
        """PDF, one page A4: images, maps, probabilities, versions, what the clinician said, limits."""
        analysis = get_object_or_404(analyses_readable(request), pk=pk)
        refuse_while_withheld(analysis, "report")
        language = choice_of(request, "lang", LANGUAGES, ENGLISH)
        if analysis.finished_at is None:
            raise Conflict("The report is made once the analysis has finished.", code="not_finished")
        audit_record(AuditAction.REPORT_EXPORTED, ObjectKind.ANALYSIS, analysis.pk, detail=language)
        said = said_of(analysis) if self._reads_statements(request, analysis) else []
        answer = HttpResponse(report_pdf(analysis, language, said), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="analysis-{str(analysis.pk)[:8]}-{language}.pdf"'
        answer["Cache-Control"] = "private, no-store"
        return answer

    def _reads_statements(self, request: Request, analysis: Analysis) -> bool:
        """A colleague who came by a link sees the analysis, not what others said of it."""
        return analyses_within(readable_by(request)).filter(pk=analysis.pk).exists()
