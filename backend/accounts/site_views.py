"""The site's settings, for its admins; and the one choice of them that may be each user's own."""

from typing import Any

from django.conf import settings
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.permissions import MayManageUsers, SignedInWithPassword
from backend.accounts.serializers import FirstReadOutput
from backend.accounts.site_serializers import OwnFirstReadInput, SettingsInput, SettingsOutput
from backend.accounts.views import checked, signed_in
from backend.audit.choices import AuditAction
from backend.audit.services import audit_record
from backend.core.problems import Conflict
from backend.core.schema import problems
from backend.site.choices import LONGEST_RETENTION_DAYS, FirstReadMode
from backend.site.selectors import settings_changes, site_settings
from backend.site.services import site_settings_update

CHANGES_SHOWN = 50


class SettingsView(APIView):
    """What the site's admin decides while the server runs."""

    permission_classes = (MayManageUsers,)

    @extend_schema(operation_id="settings_retrieve", responses=SettingsOutput)
    def get(self, request: Request) -> Response:
        """The settings in force, their bounds, and who changed what."""
        return _shown()

    @extend_schema(operation_id="settings_update", request=SettingsInput, responses=SettingsOutput)
    def patch(self, request: Request) -> Response:
        """Change some of them; it acts at once, and the record names who did it."""
        form = SettingsInput(data=request.data, partial=True)
        form.is_valid(raise_exception=True)
        site_settings_update(actor_id=signed_in(request).pk, changes=dict(form.validated_data))
        audit_record(AuditAction.SETTINGS_CHANGED, detail=", ".join(sorted(form.validated_data)))
        return _shown()


class OwnFirstReadView(APIView):
    """One's own read before the model's."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(
        operation_id="own_first_read_update",
        request=OwnFirstReadInput,
        responses={200: FirstReadOutput, **problems(409)},
    )
    def patch(self, request: Request) -> Response:
        """Choose for one's own future analyses; 409 where the site has decided for everybody."""
        user, on = signed_in(request), checked(OwnFirstReadInput, request).get("on")
        mode = site_settings().first_read
        if mode != FirstReadMode.CHOICE:
            raise Conflict("The site has decided this for everybody.", code="decided_by_site")
        on = user.first_read if on is None else on
        User.objects.filter(pk=user.pk).update(first_read=on)
        return Response(FirstReadOutput({"mode": mode, "own": on}).data)


def _shown() -> Response:
    shown: dict[str, Any] = {
        "settings": site_settings(),
        "bounds": {
            "anonymous_use": settings.ALLOW_ANONYMOUS,
            "mask_text": settings.MASK_TEXT,
            "retention_days": LONGEST_RETENTION_DAYS,
            "anonymous_hours": settings.ANONYMOUS_HOURS,
        },
        "changes": settings_changes()[:CHANGES_SHOWN],
    }
    return Response(SettingsOutput(shown).data, headers={"Cache-Control": "no-store"})
