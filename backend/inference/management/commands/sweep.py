"""`manage.py sweep`: bring back lost work now, without waiting for the clock."""

from typing import Any

from django.core.management.base import BaseCommand

from backend.inference.recovery import sweep


class Command(BaseCommand):
    """One sweep, and what it found."""

    help = "Queue work again whose worker died, send messages again that got lost. Runs every 5 s by itself."

    def handle(self, *args: Any, **options: Any) -> None:
        swept = sweep()
        self.stdout.write(
            f"{swept.requeued} queued again, {swept.lost} given up, {swept.hinted} messages sent"
        )
