"""What every row has, and the rows that say which workers are listening."""

import uuid
from typing import Any

from django.db import models
from django.utils import timezone


class BaseModel(models.Model):
    """A random id that can't be guessed or counted, and the moment of creation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        abstract = True


class ImmutableRowError(Exception):
    """Raised by an attempt to change or delete a row that is only ever added."""


class AppendOnly(models.QuerySet[Any]):
    """Rows are added and read; nothing else."""

    def update(self, **kwargs: Any) -> int:
        raise ImmutableRowError("These rows are never changed.")

    def delete(self) -> tuple[int, dict[str, int]]:
        raise ImmutableRowError("These rows go only with what they are about.")


class AppendOnlyModel(BaseModel):
    """A row that is written once. It goes only with what it is about: a cascade asks none of this."""

    objects = AppendOnly.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Only new rows are written."""
        if not self._state.adding:
            raise ImmutableRowError("This row is never changed.")
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """Rows are never removed by themselves."""
        raise ImmutableRowError("This row goes only with what it is about.")


class WorkerHeartbeat(models.Model):
    """When a worker process was last heard from; one row a worker name."""

    worker = models.CharField(max_length=255, primary_key=True)
    device = models.CharField(max_length=32, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.worker


class LeftFile(models.Model):
    """A file or folder of the storage that ought to be gone and could not be deleted yet."""

    name = models.CharField(max_length=255, primary_key=True)
    created_at = models.DateTimeField(default=timezone.now)

    def __str__(self) -> str:
        return self.name
