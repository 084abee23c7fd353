"""`manage.py sweep`: bring back lost work now, without waiting for the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.inference.recovery import sweep
from backend.registry.recovery import sweep as registry_sweep


class Command(BaseCommand):
    """One sweep, and what it found."""

    help = (
        "Queue work again whose worker died, send messages again that got lost, remove what broken uploads "
        "left. Runs every few seconds by itself."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep()
        registry_sweep()
        self.stdout.write(
            f"{swept.requeued} queued again, {swept.lost} given up, {swept.hinted} messages sent"
        )
