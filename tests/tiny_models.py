"""Real checkpoints that are quick to make and to run: ResNet18 at 64 px with random weights."""

from pathlib import Path

from ml.taxonomy import MODALITIES, Modality
from tests.factories import manifest_make


def tiny_checkpoint(folder: Path, modality: str, seed: int = 0) -> Path:
    """One checkpoint that passes the check; its maps are as real as its probabilities are meaningless."""
    import torch  # noqa: PLC0415 (tests of the web process must not load it)

    from ml.checkpoint import save_checkpoint  # noqa: PLC0415
    from ml.golden_make import with_golden  # noqa: PLC0415
    from ml.model import build_model  # noqa: PLC0415

    torch.manual_seed(seed)
    path = folder / f"tiny-{modality}-{seed}.safetensors"
    model = build_model("resnet18", 3)
    manifest = manifest_make(modality=Modality(modality), seed=seed)
    save_checkpoint(path, model, with_golden(manifest, model, "float32"))
    return path


def tiny_checkpoints(folder: Path) -> dict[str, Path]:
    """One a modality."""
    return {
        modality.value: tiny_checkpoint(folder, modality.value, seed)
        for seed, modality in enumerate(MODALITIES, start=1)
    }
