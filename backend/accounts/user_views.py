"""Accounts, for site admins."""

from datetime import timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser
from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.generics import ListAPIView
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from backend.accounts.filters import UserFilter
from backend.accounts.models import User
from backend.accounts.permissions import MayManageUsers
from backend.accounts.selectors import users_listed
from backend.accounts.user_serializers import InvitationOutput, UserCreateInput, UserOutput, UserUpdateInput
from backend.accounts.users import invitation_make, user_create, user_update
from backend.accounts.views import checked, signed_in
from backend.core.pagination import NewestFirst
from backend.core.schema import problems


class ByName(NewestFirst):
    """Cursor pages in the order of the names."""

    ordering = ("username",)


class UsersView(ListAPIView):
    """All accounts."""

    permission_classes = (MayManageUsers,)
    serializer_class = UserOutput
    pagination_class = ByName
    filterset_class = UserFilter
    queryset = User.objects.none()

    def get_queryset(self) -> QuerySet[AbstractBaseUser]:
        return users_listed()

    @extend_schema(operation_id="users_list")
    def get(self, request: Request, *args: object, **kwargs: object) -> Response:
        """Every account, by name."""
        return super().get(request, *args, **kwargs)

    @extend_schema(
        operation_id="users_create",
        request=UserCreateInput,
        responses={201: UserOutput, **problems(409, 422)},
    )
    def post(self, request: Request) -> Response:
        """Make an account; send its owner the link of `invite/`."""
        user = user_create(actor=signed_in(request), **checked(UserCreateInput, request))
        return Response(_shown(user), status=status.HTTP_201_CREATED)


class UserView(APIView):
    """One account."""

    permission_classes = (MayManageUsers,)

    @extend_schema(
        operation_id="users_update",
        request=UserUpdateInput,
        responses={200: UserOutput, **problems(409, 422)},
    )
    def patch(self, request: Request, pk: str) -> Response:
        """Change roles, or whether the account may sign in at all."""
        user = get_object_or_404(User, pk=pk)
        return Response(
            _shown(user_update(actor=signed_in(request), user=user, **checked(UserUpdateInput, request)))
        )


class UserInviteView(APIView):
    """A one-time link."""

    permission_classes = (MayManageUsers,)

    @extend_schema(
        operation_id="users_invite", request=None, responses={201: InvitationOutput, **problems(409)}
    )
    def post(self, request: Request, pk: str) -> Response:
        """A link by which the account's owner chooses a password: an invitation, or a reset."""
        path = invitation_make(actor=signed_in(request), user=get_object_or_404(User, pk=pk))
        body = {
            "path": path,
            "url": request.build_absolute_uri(path),
            "expires_at": timezone.now() + timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT),
        }
        return Response(
            InvitationOutput(body).data,
            status=status.HTTP_201_CREATED,
            headers={"Cache-Control": "no-store"},
        )


def _shown(user: User) -> dict[str, object]:
    return dict(UserOutput(users_listed().get(pk=user.pk)).data)
