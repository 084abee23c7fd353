"""`manage.py second_factor_reset USERNAME`: for somebody who lost both the phone and the recovery codes."""

from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser

from backend.accounts.models import User
from backend.accounts.second_factor import second_factor_remove
from backend.accounts.services import sessions_end


class Command(BaseCommand):
    """Removes an account's second factor and ends its sessions."""

    help = "Remove an account's second factor and end its sessions (its owner lost phone and recovery codes)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("username")

    def handle(self, *args: Any, username: str, **options: Any) -> None:
        user = User.objects.filter(username=username).first()
        if user is None:
            raise CommandError(f"There is no account named {username}.")
        if not second_factor_remove(user=user):
            raise CommandError(f"{username} has no second factor.")
        sessions_end(user=user)
        self.stdout.write(f"{username} signs in by password alone now; set up a new second factor.")
