"""Networks of the real size without their training: timings do not depend on the weights' values."""

from pathlib import Path
from typing import Any

import torch

from ml.checkpoint import save_checkpoint
from ml.golden_make import with_golden
from ml.manifest import Manifest
from ml.model import SplitClassifier, build_model
from ml.taxonomy import CLASS_NAMES, Modality


def random_model(architecture: str, size: int) -> SplitClassifier:
    """Random weights whose activations keep their scale, as those of a trained network do."""
    model = build_model(architecture, len(CLASS_NAMES), size)
    norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for layer in norms:
        layer.momentum = None  # plain mean: one batch gives the statistics
    with torch.no_grad():
        model.train()(torch.randn(4, 3, 128, 128))
    return model


def random_checkpoint(
    path: Path,
    architecture: str,
    size: int,
    *,
    modality: Modality = Modality.B_MODE,
    extras: dict[str, Any] | None = None,
) -> Path:
    """A checkpoint of such a network, really written, that passes the server's check."""
    model = random_model(architecture, size)
    manifest = Manifest(
        name=f"benchmark {modality}", architecture=architecture, modality=modality, input_size=size,
        seed=0, config={}, dataset_fingerprint="none", split_protocol="none", metrics={},
        training_commit="none", licence="Apache-2.0", intended_use="Timing only.",
        limits=["SYNTHETIC: random weights."],
        synthetic=True, created_at="2025-01-01T00:00:00+00:00", extras=extras or {},
    )  # fmt: skip
    save_checkpoint(path, model, with_golden(manifest, model, "float32"))
    return path
