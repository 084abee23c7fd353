"""The words of images."""

from django.db import models
from django.db.models import Q


class Masking(models.TextChoices):
    """off, or pending → done | dropped. A pending image lies where nothing is read from but by the worker."""

    OFF = "off", "Not looked for text"
    PENDING = "pending", "Waits to be masked, readable for nobody"
    DONE = "done", "Text is covered"
    DROPPED = "dropped", "Deleted before it could be masked"


READABLE = (Masking.OFF, Masking.DONE)
LIES_WHERE_MASKING_SAYS = (
    Q(masking=Masking.OFF, spool="")
    | Q(masking=Masking.PENDING, file="") & ~Q(spool="")
    | Q(masking=Masking.DONE) & ~Q(file="")
    | Q(masking=Masking.DROPPED, file="", file_deleted_at__isnull=False)
)
