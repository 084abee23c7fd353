"""The demo's fusion on phantoms that nobody has used: does it gain, and does it find contradictions?"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ml.checkpoint import load_checkpoint
from ml.data.samples import DataError
from ml.demo.files import checkpoint_path, fusion_path
from ml.demo.fusion import cases_of
from ml.demo.network import without_idle_blocks
from ml.demo.phantom_arrays import PhantomArrays, phantom_arrays
from ml.demo.phantom_seeds import fusion_seeds
from ml.demo.trust import answers_and_vectors
from ml.fusion.cases import Cases
from ml.fusion.conflict import measure_conflict
from ml.fusion.figures import ConflictFigures, Gain
from ml.fusion.fit import gain
from ml.fusion.record import read_fusion
from ml.fusion.stack import Fusion, stacked
from ml.manifest import Manifest, read_manifest
from ml.taxonomy import MODALITIES, Modality
from ml.trust.fit import Answers
from ml.trust.record import Calibration

SEED = 0  # of resamples and contradictions


@dataclass(frozen=True)
class MeasuredFusion:
    """Of one fusion on fresh phantoms, named by their fingerprint."""

    manifest: Manifest
    phantoms: str
    gains: tuple[Gain, ...]
    conflict: ConflictFigures


def measure_demo(models: Path, per_class: int, processes: int) -> MeasuredFusion:
    """Of the files that `ml demo` wrote to `models`; DataError where they do not belong together."""
    fusion = read_fusion(fusion_path(models))
    seeds = fusion_seeds(per_class)
    manifests = {modality: read_manifest(checkpoint_path(models, modality)) for modality in MODALITIES}
    if not fusion.joins({modality: one.tensor_sha256 for modality, one in manifests.items()}):
        raise DataError(f"The fusion in '{models}' was fitted for other versions: run `python -m ml demo`.")
    size = manifests[Modality.B_MODE].config["phantom_size"]
    side = manifests[Modality.B_MODE].input_size
    arrays = phantom_arrays(seeds, (size[0], size[1]), side, processes=processes)
    cases = cases_of({modality: _answers(models, modality, arrays[modality]) for modality in MODALITIES})
    return MeasuredFusion(
        manifest=read_manifest(fusion_path(models)),
        phantoms=seeds.fingerprint,
        gains=tuple(_gains(fusion, cases)),
        conflict=measure_conflict(cases, tuple(fusion.stackers), fusion.conflict_below, SEED),
    )


def _gains(fusion: Fusion, cases: Cases) -> list[Gain]:
    found = []
    for subset, stacker in fusion.stackers.items():
        probabilities, rows = cases.of(subset)
        found.append(gain(cases, subset, stacked(stacker, probabilities), rows, SEED))
    return found


def _answers(models: Path, modality: Modality, arrays: PhantomArrays) -> tuple[Answers, Calibration]:
    """By the trained blocks alone: the others hand on their input unchanged."""
    loaded = load_checkpoint(checkpoint_path(models, modality))
    if loaded.trust.calibration is None:
        raise DataError(f"{checkpoint_path(models, modality)} is not calibrated.")
    logits, _ = answers_and_vectors(without_idle_blocks(loaded.model), arrays.pixels)
    return Answers(logits, arrays.labels), loaded.trust.calibration
