"""Fields that take what the schema says and nothing that merely can be turned into it."""

from typing import Any

from rest_framework import serializers

# The framework refuses null characters, which PostgreSQL can't store; schemas say so.
NO_NUL = r"^[^\u0000]*$"


class TextField(serializers.CharField):
    """A string; not a number, not a truth value."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return str(super().to_internal_value(data))


class EmailField(TextField, serializers.EmailField):
    """An address, as a string."""


class WholeNumberField(serializers.IntegerField):
    """An integer of JSON; not a string of digits, not a truth value."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, int | float):
            self.fail("invalid")
        return int(super().to_internal_value(data))


class TruthField(serializers.BooleanField):
    """`true` or `false` of JSON; not a word and not a number that stands for one."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data
