"""The demo's checkpoint files: where they lie, and whether they are still what the recipe makes.

Free of torch, so that a start with everything in place does not wait for it.
"""

from __future__ import annotations

from pathlib import Path

from ml.demo.phantom_seeds import training_seeds
from ml.demo.recipe import DemoRecipe
from ml.fusion.record import KEY as FUSION_KEY
from ml.manifest import FORMAT_VERSION, Manifest, ManifestError, read_manifest
from ml.taxonomy import MODALITIES, Modality


def checkpoint_path(out: Path, modality: Modality) -> Path:
    """Where the modality's demo checkpoint lies."""
    return out / f"demo-{modality}.safetensors"


def fusion_path(out: Path) -> Path:
    """Where the demo's fusion version lies."""
    return out / "demo-fusion.safetensors"


def is_complete(out: Path, recipe: DemoRecipe) -> bool:
    """Every checkpoint is current, and the fusion is one of them."""
    if missing_checkpoints(out, recipe):
        return False
    fusion = _manifest_or_none(fusion_path(out))
    if fusion is None or fusion.format_version != FORMAT_VERSION:
        return False
    inputs = fusion.extras.get(FUSION_KEY, {}).get("inputs", {})
    return all(
        inputs.get(modality.value, {}).get("tensor_sha256")
        == read_manifest(checkpoint_path(out, modality)).tensor_sha256
        for modality in MODALITIES
    )


def missing_checkpoints(out: Path, recipe: DemoRecipe) -> list[Modality]:
    """Modalities without a readable checkpoint of the current format, recipe and phantom version."""
    return [modality for modality in MODALITIES if not _is_current(checkpoint_path(out, modality), recipe)]


def _is_current(path: Path, recipe: DemoRecipe) -> bool:
    manifest = _manifest_or_none(path)
    return (
        manifest is not None
        and manifest.format_version == FORMAT_VERSION
        and manifest.config == recipe.as_config()
        and manifest.dataset_fingerprint == fingerprint(recipe)
    )


def _manifest_or_none(path: Path) -> Manifest | None:
    if not path.is_file():
        return None
    try:
        return read_manifest(path)
    except ManifestError:
        return None


def fingerprint(recipe: DemoRecipe) -> str:
    """Names the training phantoms."""
    return training_seeds(recipe.seed, recipe.cases_per_class).fingerprint
