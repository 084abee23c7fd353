"""When an analysis is deleted, its rows here go with it by cascade; their maps follow after the commit."""

from typing import Any

from django.db import transaction
from django.db.models.signals import post_delete
from django.dispatch import receiver

from backend.comparisons.models import ComparisonCase
from backend.inference.map_files import maps_delete


@receiver(post_delete, sender=ComparisonCase)
def case_maps_delete(sender: type[ComparisonCase], instance: ComparisonCase, **kwargs: Any) -> None:
    """Whatever any attempt has written."""
    case_id = instance.pk
    transaction.on_commit(lambda: maps_delete(case_id))
