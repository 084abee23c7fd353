"""`manage.py restore FOLDER`: fill an empty installation from what `manage.py backup` wrote."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.backup import BackupError, restore


class Command(BaseCommand):
    """Needs an empty database (not even migrated) and an empty storage; run `migrate` afterwards."""

    help = "Fill an empty database and an empty storage from a backup. Stop the server first."
    requires_migrations_checks = False

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="as `manage.py backup` wrote it")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = restore(options["folder"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"✓ the database and {count} files are restored; now run: manage.py migrate")
