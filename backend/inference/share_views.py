"""Links for colleagues over REST."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.ownership import changeable_by
from backend.accounts.permissions import MayShareAnalyses
from backend.accounts.views import checked, signed_in
from backend.core.fields import TextField, WholeNumberField
from backend.core.schema import problems
from backend.inference.models import Analysis, AnalysisShare
from backend.inference.selectors import analyses_within
from backend.inference.shares import LONGEST_DAYS, share_create, share_open, share_revoke, shares_of

TOKEN_LENGTH = 64


class ShareCreateInput(serializers.Serializer):
    """For how long."""

    days = WholeNumberField(min_value=1, max_value=LONGEST_DAYS, default=7)


class ShareLinkOutput(serializers.ModelSerializer):
    """A link that still opens the analysis; the link itself is not kept."""

    opened_by = serializers.SerializerMethodField(help_text="User names.")

    class Meta:
        model = AnalysisShare
        fields: tuple[str, ...] = ("id", "created_at", "expires_at", "opened_by")

    def get_opened_by(self, share: AnalysisShare) -> list[str]:
        return sorted(opening.user.username for opening in share.openings.all())


class ShareLinkCreatedOutput(ShareLinkOutput):
    """A new link: this answer alone holds its token."""

    token = serializers.CharField()

    class Meta(ShareLinkOutput.Meta):
        fields = (*ShareLinkOutput.Meta.fields, "token")


class ShareOpenInput(serializers.Serializer):
    """In the body, so that no log holds it."""

    token = TextField(max_length=TOKEN_LENGTH)


class ShareOpenOutput(serializers.Serializer):
    """What the link opens."""

    analysis = serializers.UUIDField()


class AnalysisSharesView(APIView):
    """The links of one analysis, for whoever may change it."""

    permission_classes = (MayShareAnalyses,)

    @extend_schema(operation_id="shares_list", responses={200: ShareLinkOutput(many=True), **problems(403)})
    def get(self, request: Request, pk: str) -> Response:
        """Links that have neither ended nor been revoked, newest first."""
        return Response(ShareLinkOutput(shares_of(_own(request, pk)), many=True).data)

    @extend_schema(
        operation_id="shares_create",
        request=ShareCreateInput,
        responses={201: ShareLinkCreatedOutput, **problems(409, 422)},
    )
    def post(self, request: Request, pk: str) -> Response:
        """Make a link. Any account that opens it reads this analysis until it ends or is revoked."""
        analysis = _own(request, pk)
        share, token = share_create(
            analysis=analysis, user=signed_in(request), **checked(ShareCreateInput, request)
        )
        shown = ShareLinkOutput(share).data | {"token": token}
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class AnalysisShareView(APIView):
    """One link."""

    permission_classes = (MayShareAnalyses,)

    @extend_schema(operation_id="shares_revoke", request=None, responses={204: None})
    def delete(self, request: Request, pk: str, share_id: str) -> Response:
        """End the link at once, also for those who have opened it."""
        share_revoke(share=get_object_or_404(shares_of(_own(request, pk)), pk=share_id))
        return Response(status=status.HTTP_204_NO_CONTENT)


class ShareOpenView(APIView):
    """What a colleague's page asks."""

    permission_classes = (MayShareAnalyses,)

    @extend_schema(
        operation_id="shares_open",
        request=ShareOpenInput,
        responses={200: ShareOpenOutput, **problems(404, 422)},
    )
    def post(self, request: Request) -> Response:
        """Open a link: this account reads the analysis from now on, until the link ends."""
        analysis = share_open(user=signed_in(request), **checked(ShareOpenInput, request))
        return Response({"analysis": str(analysis.pk)})


def _own(request: Request, pk: str) -> Analysis:
    return get_object_or_404(analyses_within(changeable_by(request)), pk=pk)
