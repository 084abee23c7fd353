"""`manage.py model_import FILE…`: examine checkpoints, keep those that pass, make them active if asked."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from backend.registry.errors import RegistryError
from backend.registry.imports import model_version_import
from backend.registry.models import ModelVersion
from backend.registry.selectors import active_version, same_weights
from backend.registry.services import model_version_activate
from ml.manifest import Manifest, ManifestError, read_manifest


class Command(BaseCommand):
    """Ends with status 1 if any file was refused; the others are imported all the same."""

    help = "Import model versions from .safetensors files with a manifest (pickles are refused)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".safetensors checkpoint")
        parser.add_argument(
            "--activate", action="store_true", help="make each the active one of its modality"
        )
        parser.add_argument("--name", help="name shown instead of the manifest's (one FILE only)")
        parser.add_argument("--reason", default="imported by model_import", help="why, for the history")
        parser.add_argument(
            "--if-missing",
            action="store_true",
            help="leave alone a modality that has an active version (except a demo version of an older "
            "format) and weights that are here already",
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if options["name"] and len(options["files"]) > 1:
            raise CommandError("--name goes with one FILE: versions of one name can't be told apart.")
        refused = [path for path in options["files"] if not self._import_or_say_why(path, options)]
        if refused:
            raise CommandError(f"{len(refused)} of {len(options['files'])} files refused.", returncode=1)

    def _import_or_say_why(self, path: Path, options: dict[str, Any]) -> bool:
        try:
            if not (options["if_missing"] and self._is_settled(path, options)):
                self._import(path, options)
        except RegistryError as error:
            self.stderr.write(self.style.ERROR(f"✗ {path}: {error.detail} [{error.code}]"))
            return False
        return True

    def _import(self, path: Path, options: dict[str, Any]) -> None:
        self.stdout.write(f"· {path.name}: being examined (a few seconds)")
        self.stdout.flush()
        version = model_version_import(
            path=path, name=options["name"] or "", activate=options["activate"], reason=options["reason"]
        )
        self._say(path, version)

    def _is_settled(self, path: Path, options: dict[str, Any]) -> bool:
        """True when there is nothing to bring in; weights that are here but idle may become active."""
        manifest = _manifest_or_none(path)
        if manifest is None:
            return False  # the import says what is wrong
        active = active_version(manifest.modality)
        if active is not None and not _is_outdated_demo(active, manifest):
            self.stdout.write(f"· {path.name}: left, {active} is active already")
            return True
        twin = same_weights(manifest.modality, manifest.tensor_sha256, manifest.format_version)
        if twin is None:
            return False
        if options["activate"]:
            model_version_activate(version=twin, actor=None, reason=options["reason"])
        self._say(path, twin)
        return True

    def _say(self, path: Path, version: ModelVersion) -> None:
        self.stdout.write(f"✓ {path.name}: {version} is {version.state} ({version.pk})")


def _manifest_or_none(path: Path) -> Manifest | None:
    try:
        return read_manifest(path)
    except (ManifestError, OSError):
        return None


def _is_outdated_demo(active: ModelVersion, offered: Manifest) -> bool:
    """A demo never takes the place of a version that was trained on patients' images."""
    older = active.format_version < offered.format_version
    return older and active.synthetic and offered.synthetic
