"""Moments by the database's clock, which every process shares."""

from datetime import datetime, timedelta

from django.db import connection
from django.db.models import DateTimeField, ExpressionWrapper
from django.db.models.functions import Now
from django.utils import timezone


def from_now(delta: timedelta) -> ExpressionWrapper:
    """Now plus `delta`, for use in a query."""
    return ExpressionWrapper(Now() + delta, output_field=DateTimeField())


def fine_now() -> Now | datetime:
    """Now, in microseconds. SQLite's own clock counts milliseconds, and is this machine's anyway."""
    return timezone.now() if connection.vendor == "sqlite" else Now()
