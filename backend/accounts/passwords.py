"""New passwords are judged by Django's validators; what they say reaches the page word for word."""

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from backend.accounts.models import User
from backend.core.problems import Unprocessable


def password_check(password: str, *, user: User, field: str) -> None:
    """422 with each validator's words under `field`."""
    try:
        validate_password(password, user)
    except ValidationError as error:
        reasons = [
            {"code": each.code or "invalid", "detail": " ".join(each.messages)} for each in error.error_list
        ]
        raise Unprocessable(
            "This password is too easy to guess.", code="weak_password", errors={field: reasons}
        ) from None
