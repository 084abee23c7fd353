"""Personal tokens for programs."""

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.permissions import SignedInWithPassword
from backend.accounts.roles import has_shown_second_factor
from backend.accounts.selectors import api_tokens_of
from backend.accounts.services import api_token_create, api_token_revoke
from backend.accounts.token_serializers import TokenCreatedOutput, TokenCreateInput, TokenOutput
from backend.accounts.views import checked, signed_in
from backend.core.schema import problems


class TokensView(APIView):
    """The account's tokens."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(operation_id="tokens_list", responses={200: TokenOutput(many=True), **problems(403)})
    def get(self, request: Request) -> Response:
        """One's own tokens, by name and first characters, newest first."""
        return Response(TokenOutput(api_tokens_of(user=signed_in(request)), many=True).data)

    @extend_schema(
        operation_id="tokens_create",
        request=TokenCreateInput,
        responses={201: TokenCreatedOutput, **problems(409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Make a token. Its secret is in this answer and nowhere else."""
        user = signed_in(request)
        token, secret = api_token_create(
            user=user, second_factor=has_shown_second_factor(user), **checked(TokenCreateInput, request)
        )
        shown = TokenOutput(token).data | {"token": secret}
        return Response(shown, status=status.HTTP_201_CREATED, headers={"Cache-Control": "no-store"})


class TokenView(APIView):
    """One token."""

    permission_classes = (SignedInWithPassword,)

    @extend_schema(operation_id="tokens_revoke", request=None, responses={204: None})
    def delete(self, request: Request, pk: str) -> Response:
        """End the token at once."""
        api_token_revoke(token=get_object_or_404(api_tokens_of(user=signed_in(request)), pk=pk))
        return Response(status=status.HTTP_204_NO_CONTENT)
