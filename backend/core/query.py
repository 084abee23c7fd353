"""What a request's query asks for: each parameter once, and never an empty one that counts as none."""

from collections.abc import Mapping

from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request

GIVEN_TWICE = "Give this parameter once."


def query_of(request: Request) -> Mapping[str, str]:
    """The parameters; 400 with a reason for each that is given more than once."""
    doubled = {
        name: refusal(GIVEN_TWICE, "repeated") for name, given in request.query_params.lists() if given[1:]
    }
    if doubled:
        raise ValidationError(doubled)
    return request.query_params.dict()


def whole_number(request: Request, name: str, *, least: int, most: int, default: int) -> int:
    """A number of digits within the bounds; 400 with the reason for anything else."""
    given = request.query_params.getlist(name)
    if not given:
        return default
    if len(given) > 1:
        raise ValidationError({name: refusal(GIVEN_TWICE, "repeated")})
    text = given[0]
    number = int(text) if text.isascii() and text.isdigit() and len(text) <= len(str(most)) else None
    if number is None or not least <= number <= most:
        raise ValidationError({name: refusal(f"Give a whole number from {least} to {most}.", "invalid")})
    return number


def refusal(detail: str, code: str) -> list[ErrorDetail]:
    """One reason, in the form of Django REST framework."""
    return [ErrorDetail(detail, code=code)]
