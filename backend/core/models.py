"""What every row has, and the rows that say which workers are listening."""

import uuid

from django.db import models
from django.utils import timezone


class BaseModel(models.Model):
    """A random id that can't be guessed or counted, and the moment of creation."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    created_at = models.DateTimeField(default=timezone.now, editable=False, db_index=True)

    class Meta:
        abstract = True


class WorkerHeartbeat(models.Model):
    """When a worker process was last heard from; one row a worker name."""

    worker = models.CharField(max_length=255, primary_key=True)
    device = models.CharField(max_length=32, blank=True)
    first_seen_at = models.DateTimeField(default=timezone.now)
    last_seen_at = models.DateTimeField(default=timezone.now, db_index=True)

    def __str__(self) -> str:
        return self.worker
