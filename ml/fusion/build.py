"""From cases to a fusion version's file: fitted on all of them, its figures from cases it had not seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.fusion.cases import Cases
from ml.fusion.conflict import measure_conflict
from ml.fusion.fit import cross_validated, fit_fusion, gain, largest
from ml.fusion.record import FORMAT, KEY, write_fusion
from ml.fusion.stack import Fusion
from ml.manifest import Manifest
from ml.metrics import auc_per_class, precision_recall_f1, summary
from ml.statistics import class_intervals
from ml.taxonomy import CLASS_NAMES, FUSION_ARCHITECTURE, Joining, Modality
from ml.train.run import code_commit

OTHER_DRAW = 1  # added to the seed: contradictions to measure are not those the threshold was fitted on

PROTOCOL = "Figures by five-fold cross-validation over patients; the stackers that are kept know all cases."


@dataclass(frozen=True)
class Words:
    """What a fusion's manifest says of it in words."""

    name: str
    source: str  # which cases
    fingerprint: str
    licence: str
    intended_use: str
    limits: tuple[str, ...]


def build_fusion(
    out: Path, cases: Cases, inputs: Mapping[Modality, Manifest], words: Words, seed: int
) -> Manifest:
    """Fit and write; ValueError where there are too few cases. Gives the manifest as stored."""
    weights = {modality: manifest.tensor_sha256 for modality, manifest in inputs.items()}
    fusion = fit_fusion(cases, weights, seed)
    first = next(iter(inputs.values()))
    manifest = Manifest(
        name=words.name,
        architecture=FUSION_ARCHITECTURE,
        modality=Joining.FUSION,
        input_size=first.input_size,
        mean=first.mean,
        std=first.std,
        seed=seed,
        config={"regression": "multinomial logistic, one for each set of modalities"},
        dataset_fingerprint=words.fingerprint,
        split_protocol=PROTOCOL,
        metrics=_metrics(cases, fusion, seed),
        training_commit=code_commit(),
        licence=words.licence,
        intended_use=words.intended_use,
        limits=[*words.limits, *_limits(inputs)],
        synthetic=any(manifest.synthetic for manifest in inputs.values()),
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        extras={
            KEY: {
                "format": FORMAT,
                "source": words.source,
                "inputs": {
                    modality.value: {"name": one.name, "tensor_sha256": one.tensor_sha256}
                    for modality, one in inputs.items()
                },
            }
        },
    )
    return write_fusion(out, manifest, fusion)


def _limits(inputs: Mapping[Modality, Manifest]) -> list[str]:
    names = ", ".join(f"{manifest.name} ({modality})" for modality, manifest in inputs.items())
    return [f"Joins the answers of these versions and of no others: {names}."]


def _metrics(cases: Cases, fusion: Fusion, seed: int) -> dict[str, Any]:
    """Cross-validated figures: of the largest set for the card, of every set beside its best modality."""
    answers = {subset: cross_validated(cases, subset, seed) for subset in fusion.stackers}
    gains = [gain(cases, subset, *found, seed) for subset, found in answers.items()]
    probabilities, rows = answers[largest(fusion)]
    labels, patients = cases.labels[rows], cases.patients[rows].tolist()
    per_class = precision_recall_f1(labels, probabilities)
    conflict = measure_conflict(cases, tuple(fusion.stackers), fusion.conflict_below, seed + OTHER_DRAW)
    return {
        "out_of_fold": summary(labels, probabilities),
        "auc_per_class": dict(zip(CLASS_NAMES, auc_per_class(labels, probabilities), strict=True)),
        "precision": dict(zip(CLASS_NAMES, per_class["precision"], strict=True)),
        "recall": dict(zip(CLASS_NAMES, per_class["recall"], strict=True)),
        "intervals": class_intervals(labels, probabilities, patients, CLASS_NAMES),
        "images": len(rows),
        "gains": [asdict(one) for one in gains],
        "conflict": asdict(conflict),
    }
