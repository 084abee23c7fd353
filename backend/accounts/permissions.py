"""Who may call what. Asked before a byte of the request's body is read."""

from typing import TYPE_CHECKING, ClassVar

from rest_framework.permissions import SAFE_METHODS, BasePermission
from rest_framework.request import Request

from backend.accounts.models import ApiToken
from backend.accounts.roles import (
    has_powers,
    is_auditor,
    is_model_admin,
    is_site_admin,
    reads_model_records,
)
from backend.accounts.scopes import Scope
from backend.site.selectors import anonymous_allowed, site_settings

if TYPE_CHECKING:  # the framework loads this module while it loads its views
    from rest_framework.views import APIView

WRONG_ROLE = "Your account's role does not allow this."
NO_SECOND_FACTOR = "Administrators set up a second factor first, and sign in with it."
NO_SCOPE = "This token may not do this: it needs the scope {}."
NO_TOKEN = "A token can't do this: sign in with your password."  # noqa: S105 (a sentence)


class Access(BasePermission):
    """Nobody signed in: 401. Otherwise `refusal` says with which code it is 403, if at all."""

    message: str | None = None
    code: str | None = None

    def has_permission(self, request: Request, view: "APIView") -> bool:
        if not request.user.is_authenticated:
            return self.takes_nobody()
        refused = self.refusal(request)
        if refused is not None:
            self.code, self.message = refused
        return refused is None

    def takes_nobody(self) -> bool:
        """Whether one may come without an account."""
        return False

    def refusal(self, request: Request) -> tuple[str, str] | None:
        """(code, sentence) when the account or its token may not; None when it may."""
        raise NotImplementedError


def scope_refusal(request: Request, *sufficient: Scope) -> tuple[str, str] | None:
    """A token needs one of these scopes; a browser's session needs none."""
    if not isinstance(request.auth, ApiToken) or request.auth.has_any(*sufficient):
        return None
    return "scope_missing", NO_SCOPE.format(" or ".join(sufficient))


class SignedInOrAnonymousAllowed(Access):
    """The default: an account, or nobody where the site allows it. A token needs one of the named scopes."""

    reading: ClassVar[tuple[Scope, ...]] = ()
    writing: ClassVar[tuple[Scope, ...]] = ()

    def takes_nobody(self) -> bool:
        return anonymous_allowed(site_settings())

    def refusal(self, request: Request) -> tuple[str, str] | None:
        looks = request.method in SAFE_METHODS
        if not looks and is_auditor(request.user):
            return "wrong_role", "An auditor reads everything and changes nothing."
        return scope_refusal(request, *(self.reading if looks else self.writing))


class MayUseAnalyses(SignedInOrAnonymousAllowed):
    """Analyses, images and maps; whose they may be is for the selector to say."""

    reading = (Scope.ANALYSES_READ,)
    writing = (Scope.ANALYSES_WRITE,)


class MayShareAnalyses(MayUseAnalyses):
    """Links between accounts: nobody makes or opens one without an account."""

    reading = (Scope.ANALYSES_WRITE,)  # the links of an analysis are for whoever may make them

    def takes_nobody(self) -> bool:
        return False


class MayReadModelCards(SignedInOrAnonymousAllowed):
    """What explains an answer is open to whoever may see answers."""

    reading = (Scope.MODELS_READ, Scope.ANALYSES_READ)


class MayManageModels(Access):
    """Model admins and site admins, with their second factor where the site asks for it."""

    def refusal(self, request: Request) -> tuple[str, str] | None:
        if not is_model_admin(request.user):
            return "wrong_role", WRONG_ROLE
        if not has_powers(request.user):
            return "second_factor_missing", NO_SECOND_FACTOR
        return scope_refusal(request, Scope.MODELS_WRITE)


class MayReadModelRecords(Access):
    """Model admins, auditors and site admins."""

    def refusal(self, request: Request) -> tuple[str, str] | None:
        if not (is_model_admin(request.user) or is_auditor(request.user)):
            return "wrong_role", WRONG_ROLE
        if not has_powers(request.user):
            return "second_factor_missing", NO_SECOND_FACTOR
        return scope_refusal(request, Scope.MODELS_READ)


class SignedInWithPassword(Access):
    """A browser session with an account: a token can't manage tokens or passwords."""

    def refusal(self, request: Request) -> tuple[str, str] | None:
        return None if request.auth is None else ("token_not_enough", NO_TOKEN)


class MayManageUsers(SignedInWithPassword):
    """Site admins, in a browser's session, with their second factor where the site asks for it."""

    def refusal(self, request: Request) -> tuple[str, str] | None:
        if not is_site_admin(request.user):
            return "wrong_role", WRONG_ROLE
        if not has_powers(request.user):
            return "second_factor_missing", NO_SECOND_FACTOR
        return super().refusal(request)


class MayReadAudit(SignedInWithPassword):
    """Auditors and site admins, in a browser's session, with their second factor where it is asked for."""

    def refusal(self, request: Request) -> tuple[str, str] | None:
        if not (is_auditor(request.user) or is_site_admin(request.user)):
            return "wrong_role", WRONG_ROLE
        if not has_powers(request.user):
            return "second_factor_missing", NO_SECOND_FACTOR
        return super().refusal(request)


def sees_model_records(request: Request) -> bool:
    """Whether this request, by role and by token scope, sees every version and who did what."""
    return reads_model_records(request.user) and scope_refusal(request, Scope.MODELS_READ) is None


def may_manage_models(request: Request) -> bool:
    """Whether `MayManageModels` lets this request through."""
    return MayManageModels().refusal(request) is None


def may_read_audit(request: Request) -> bool:
    """Whether `MayReadAudit` lets this request through."""
    return MayReadAudit().refusal(request) is None


def may_manage_users(request: Request) -> bool:
    """Whether `MayManageUsers` lets this request through."""
    return MayManageUsers().refusal(request) is None
