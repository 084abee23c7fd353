"""`manage.py backup FOLDER`: the database and all stored files, with checksums, into a new folder."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.core.backup import BackupError, backup


class Command(BaseCommand):
    """Ends with status 1 and without a folder where anything went wrong."""

    help = "Copy the database and the stored files into a new folder. The server may go on running."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("folder", type=Path, metavar="FOLDER", help="it must not exist yet")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            count = backup(options["folder"])
        except (BackupError, OSError) as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"✓ the database and {count} files are in {options['folder']}")
