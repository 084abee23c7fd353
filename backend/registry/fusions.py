"""Versions that join the modalities: what of them lies in the row, and which one is active."""

from functools import lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

from safetensors.numpy import load_file

from backend.registry.choices import VersionState
from backend.registry.models import ModelVersion
from ml.fusion.record import KEY, fusion_of
from ml.fusion.stack import Fusion
from ml.taxonomy import Joining

WEIGHTS = "weights"  # within the manifest's `fusion`, in the row alone: some hundred numbers
KEPT = 16  # fusions in a process's memory


def weights_in_row(path: Path) -> dict[str, Any]:
    """The tensors of a checked fusion's file as lists, by name: reading an answer needs no file."""
    return {name: tensor.tolist() for name, tensor in load_file(path).items()}


def active_fusion() -> tuple[UUID, Fusion] | None:
    """The fusion that joins answers from now on, with its version's id."""
    active = ModelVersion.objects.filter(modality=Joining.FUSION, state=VersionState.ACTIVE)
    pk = active.values_list("pk", flat=True).first()
    return None if pk is None else (pk, fusion_by_id(pk))


@lru_cache(maxsize=KEPT)
def fusion_by_id(pk: UUID) -> Fusion:
    """The fusion of a version. A version's row says the same for ever, so it is read once a process."""
    extras: dict[str, Any] = ModelVersion.objects.values_list("manifest", flat=True).get(pk=pk)["extras"]
    return fusion_of(extras, extras[KEY][WEIGHTS])
