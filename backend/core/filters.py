"""Filters of lists that refuse what they do not understand instead of leaving it out."""

from typing import Any, cast

from django import forms
from django.http import QueryDict
from django_filters import rest_framework as filters  # type: ignore[import-untyped]
from drf_spectacular.drainage import set_override

from backend.core.fields import NO_NUL
from backend.core.query import GIVEN_TWICE

TRUTHS = ("true", "false")


class TextFilter(filters.CharFilter):
    """A text without null characters, no longer than `max_length`; an empty one narrows nothing."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        super().__init__(*args, max_length=max_length, **kwargs)
        said = {"description": kwargs["help_text"]} if "help_text" in kwargs else {}
        shape = {"type": "string", "maxLength": max_length, "pattern": NO_NUL}
        set_override(self, "field", shape | said)


class StrictForm(forms.Form):
    """A form whose every given value counts: none is empty, doubled or taken for `unknown`."""

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        given = dict(cast(QueryDict, self.data).lists())
        for name in given.keys() & self.fields.keys():
            reason = _reason_against(self.fields[name], given[name])
            if reason is not None and name not in self.errors:
                self.add_error(name, forms.ValidationError(reason[0], code=reason[1]))
        return cleaned


class StrictFilterSet(filters.FilterSet):
    """What every filter set of this API is made from."""

    def get_form_class(self) -> type[forms.Form]:
        fields = {name: each.field for name, each in self.filters.items()}
        return type(f"{type(self).__name__}Form", (StrictForm,), fields)


class StrictFilterBackend(filters.DjangoFilterBackend):
    """Also strict where a view only lists the fields to narrow by."""

    filterset_base = StrictFilterSet


def _reason_against(field: forms.Field, given: list[str]) -> tuple[str, str] | None:
    if len(given) > 1 and not isinstance(field, forms.MultipleChoiceField):
        return GIVEN_TWICE, "repeated"
    if "" in given and type(field) is not forms.CharField:
        return "Leave this parameter out, or give it a value.", "empty"
    if isinstance(field, forms.NullBooleanField) and given[0].lower() not in TRUTHS:
        return f"Give {' or '.join(TRUTHS)}.", "invalid"
    return None
