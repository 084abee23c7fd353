"""Real, small checkpoints for the tests of `ml`."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from ml.checkpoint import save_checkpoint
from ml.manifest import Manifest
from ml.model import build_model
from ml.taxonomy import Modality


@pytest.fixture(scope="session")
def make_manifest() -> Callable[..., Manifest]:
    """A complete manifest of a ResNet18 at 64 px; keyword arguments replace fields."""

    def make(**changes: object) -> Manifest:
        fields = {
            "name": "tiny",
            "architecture": "resnet18",
            "modality": Modality.B_MODE,
            "input_size": 64,
            "seed": 7,
            "config": {"epochs": 0},
            "dataset_fingerprint": "none",
            "split_protocol": "none",
            "metrics": {},
            "training_commit": "test",
            "licence": "Apache-2.0",
            "intended_use": "Tests only.",
            "limits": ["Random weights."],
            "synthetic": True,
            "created_at": "2025-01-02T03:04:05+00:00",
        }
        return Manifest(**(fields | changes))

    return make


@pytest.fixture(scope="session")
def tiny_checkpoint(tmp_path_factory, make_manifest) -> Path:
    """A ResNet18 at 64 px with random weights, saved once a session: read it, never change it."""
    torch.manual_seed(7)
    path = tmp_path_factory.mktemp("checkpoint") / "tiny.safetensors"
    save_checkpoint(path, build_model("resnet18", 3), make_manifest())
    return path


@pytest.fixture
def picture() -> Callable[..., Image.Image]:
    """A smooth random RGB picture by seed, width × height."""

    def make(seed: int = 0, width: int = 90, height: int = 60) -> Image.Image:
        noise = np.random.default_rng(seed).integers(0, 256, (9, 13, 3), dtype=np.uint8)
        return Image.fromarray(noise).resize((width, height), Image.Resampling.BICUBIC)

    return make
