"""My second factor: begin, confirm, remove."""

from base64 import b32encode

import django_otp
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.models import User
from backend.accounts.permissions import SignedInWithPassword
from backend.accounts.roles import needs_second_factor
from backend.accounts.second_factor import (
    otpauth_uri,
    recovery_codes_left,
    second_factor_begin,
    second_factor_enabled,
)
from backend.accounts.serializers import (
    SecondFactorBegunOutput,
    SecondFactorConfirmedOutput,
    SecondFactorConfirmInput,
    SecondFactorOutput,
    SecondFactorRemoveInput,
)
from backend.accounts.services import second_factor_drop, second_factor_take
from backend.accounts.views import checked, signed_in
from backend.core.schema import problems

NO_STORE = {"Cache-Control": "no-store"}


class SecondFactorView(APIView):
    """The account's second factor."""

    permission_classes = (SignedInWithPassword,)
    delete_takes_body = True

    @extend_schema(
        operation_id="second_factor_retrieve", responses={200: SecondFactorOutput, **problems(403)}
    )
    def get(self, request: Request) -> Response:
        """Whether there is one, whether there must be, how many recovery codes are left."""
        return Response(SecondFactorOutput(_state(signed_in(request))).data)

    @extend_schema(
        operation_id="second_factor_begin",
        request=None,
        responses={201: SecondFactorBegunOutput, **problems(409)},
    )
    def post(self, request: Request) -> Response:
        """A new secret for an authenticator app; in force once it is confirmed."""
        device = second_factor_begin(user=signed_in(request))
        body = {"otpauth_uri": otpauth_uri(device), "secret": b32encode(device.bin_key).decode()}
        return Response(SecondFactorBegunOutput(body).data, status=status.HTTP_201_CREATED, headers=NO_STORE)

    @extend_schema(
        operation_id="second_factor_remove",
        request=SecondFactorRemoveInput,
        responses={204: None, **problems(409, 422, 429)},
    )
    def delete(self, request: Request) -> Response:
        """Sign in by password alone again. Needs the password and a code."""
        form = checked(SecondFactorRemoveInput, request)
        second_factor_drop(request=request._request, user=signed_in(request), **form)
        return Response(status=status.HTTP_204_NO_CONTENT)


class SecondFactorConfirmView(APIView):
    """The first code of a new secret."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(
        operation_id="second_factor_confirm",
        request=SecondFactorConfirmInput,
        responses={200: SecondFactorConfirmedOutput, **problems(409, 422, 429)},
    )
    def post(self, request: Request) -> Response:
        """From now on sign-in asks for a code; one's other sessions end. Recovery codes are shown once."""
        code = checked(SecondFactorConfirmInput, request)["code"]
        device, codes = second_factor_take(request=request._request, user=signed_in(request), code=code)
        django_otp.login(request._request, device)
        return Response(SecondFactorConfirmedOutput({"recovery_codes": codes}).data, headers=NO_STORE)


def _state(user: User) -> dict[str, bool | int]:
    return {
        "enabled": second_factor_enabled(user),
        "required": needs_second_factor(user),
        "recovery_codes_left": recovery_codes_left(user),
    }
