"""What an export of a run knows about its maps."""

from __future__ import annotations

from pathlib import Path

import torch

from ml.audit.curves import QUICK
from ml.audit.images import folder_images
from ml.audit.record import Audit
from ml.audit.run import audit_maps
from ml.audit.subject import Subject
from ml.data.cache import CachedSet
from ml.manifest import Manifest
from ml.model import SplitClassifier
from ml.train.trust import parts_of_fold

MOST_IMAGES = 24  # each costs about 30 passes; `ml audit --write` takes more


def audit_of_run(
    model: SplitClassifier, manifest: Manifest, cached: CachedSet, *, run: Path, fold: int | None
) -> Audit:
    """Of the model as stored: on images that the fold was scored on, on any where it has seen them all
    (`fold` None)."""
    rows = None
    if fold is not None:
        parts = parts_of_fold(run, fold)
        samples = cached.samples.samples
        rows = [row for row, sample in enumerate(samples) if parts.get(sample.image_id) == "scored"]
    images = folder_images(cached, MOST_IMAGES, synthetic=manifest.synthetic, rows=rows)
    subject = Subject(model, manifest.mean, manifest.std, torch.device("cpu"))
    return audit_maps(subject, images, QUICK)
