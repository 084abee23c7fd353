"""The demo's checkpoint files: where they lie, and whether they are still what the recipe makes.

Free of torch, so that a start with everything in place does not wait for it.
"""

from __future__ import annotations

from pathlib import Path

from ml.demo.phantom_seeds import training_seeds
from ml.demo.recipe import DemoRecipe
from ml.manifest import FORMAT_VERSION, ManifestError, read_manifest
from ml.taxonomy import MODALITIES, Modality


def checkpoint_path(out: Path, modality: Modality) -> Path:
    """Where the modality's demo checkpoint lies."""
    return out / f"demo-{modality}.safetensors"


def missing_checkpoints(out: Path, recipe: DemoRecipe) -> list[Modality]:
    """Modalities without a readable checkpoint of the current format, recipe and phantom version."""
    return [modality for modality in MODALITIES if not _is_current(checkpoint_path(out, modality), recipe)]


def _is_current(path: Path, recipe: DemoRecipe) -> bool:
    if not path.is_file():
        return False
    try:
        manifest = read_manifest(path)
    except ManifestError:
        return False
    return (
        manifest.format_version == FORMAT_VERSION
        and manifest.config == recipe.as_config()
        and manifest.dataset_fingerprint == fingerprint(recipe)
    )


def fingerprint(recipe: DemoRecipe) -> str:
    """Names the training phantoms."""
    return training_seeds(recipe.seed, recipe.cases_per_class).fingerprint
