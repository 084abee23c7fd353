"""Previews over REST."""

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import MayUseAnalyses
from backend.core.schema import problems
from backend.studies.decoding.errors import FRAME_NOT_OFFERED, FRAME_OUT_OF_RANGE, UnreadableImage
from backend.studies.preview_form import IMAGE_FIELD, REFUSED, PreviewForm, PreviewParser, preview_form_read
from backend.studies.previews import Preview, preview_make
from backend.studies.serializers import PreviewInput, PreviewOutput
from backend.studies.throttle import preview_count
from backend.studies.uploads import Refusals

FORM_BYTES = 1024 * 1024


class PreviewsView(APIView):
    """Look at one file before it is sent for good."""

    permission_classes = (MayUseAnalyses,)
    parser_classes = (PreviewParser,)
    max_body_bytes = settings.MAX_UPLOAD_BYTES + FORM_BYTES

    @extend_schema(
        operation_id="previews_create",
        request={"multipart/form-data": PreviewInput},
        responses={200: PreviewOutput, **problems(413, 415, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """Show a file that the browser can't show: DICOM, cine, TIFF. Nothing of it is stored."""
        preview_count(request)
        form = preview_form_read(request._request, request.POST, request.FILES)
        return Response(PreviewOutput(_preview(form)).data, headers={"Cache-Control": "no-store"})


def _preview(form: PreviewForm) -> Preview:
    try:
        return preview_make(form.image, frame=form.frame, stills=form.stills)
    except UnreadableImage as error:
        refusals = Refusals()
        about_frame = error.code in (FRAME_NOT_OFFERED, FRAME_OUT_OF_RANGE)
        refusals.add_error("frame" if about_frame else IMAGE_FIELD, error)
        raise refusals.problem(REFUSED) from error
