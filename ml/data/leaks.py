"""The leak report: what the folds share that they must not share, written beside every run."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from ml.data.cache import CachedSet
from ml.data.duplicates import NEAR_DUPLICATE_BITS, group_kind, near_duplicate_pairs
from ml.data.folds import Fold, Protocol
from ml.data.samples import SampleSet


@dataclass(frozen=True)
class LeakReport:
    """Counts first, then examples by image id."""

    protocol: str
    grouped_by: str
    patients_in_several_folds: list[str]
    near_duplicate_bits: int
    near_duplicate_pairs: int
    near_duplicate_pairs_across_folds: int
    examples_across_folds: list[list[str]]
    same_file_with_two_labels: list[list[str]]
    largest_group: int
    sentence: str

    def to_dict(self) -> dict[str, Any]:
        """As it is written to leaks.json."""
        return asdict(self)


def leak_report(
    cached: CachedSet, folds: Sequence[Fold], groups: Sequence[str], protocol: Protocol
) -> LeakReport:
    """What the scored parts of the folds share."""
    fold_of = {int(row): fold.number for fold in folds for row in fold.scored}
    pairs = near_duplicate_pairs(cached.perceptual_hashes)
    across = [(i, j) for i, j, _ in pairs if fold_of.get(i) != fold_of.get(j)]
    ids = [sample.image_id for sample in cached.samples.samples]
    patients = _patients_in_several_folds(cached.samples, fold_of)
    grouped_by = "image" if protocol is Protocol.PAPER else group_kind(cached.samples)
    return LeakReport(
        protocol=protocol.value,
        grouped_by=grouped_by,
        patients_in_several_folds=patients,
        near_duplicate_bits=NEAR_DUPLICATE_BITS,
        near_duplicate_pairs=len(pairs),
        near_duplicate_pairs_across_folds=len(across),
        examples_across_folds=[[ids[i], ids[j]] for i, j in across[:20]],
        same_file_with_two_labels=_conflicting_labels(cached),
        largest_group=max((list(groups).count(group) for group in set(groups)), default=0),
        sentence=_sentence(grouped_by, len(patients), len(across)),
    )


def _patients_in_several_folds(samples: SampleSet, fold_of: Mapping[int, int]) -> list[str]:
    folds: dict[str, set[int]] = defaultdict(set)
    for row, fold in fold_of.items():
        patient = samples.samples[row].patient
        if patient is not None:
            folds[patient].add(fold)
    return sorted(patient for patient, numbers in folds.items() if len(numbers) > 1)


def _conflicting_labels(cached: CachedSet) -> list[list[str]]:
    """Files with equal bytes and different labels."""
    members: dict[tuple[str, int | None], list[int]] = defaultdict(list)
    for row, (digest, sample) in enumerate(zip(cached.content, cached.samples.samples, strict=True)):
        members[digest, sample.frame].append(row)
    samples = cached.samples.samples
    conflicting = [rows for rows in members.values() if len({samples[row].label for row in rows}) > 1]
    return [[samples[row].image_id for row in rows] for rows in conflicting]


def _sentence(grouped_by: str, patients: int, pairs: int) -> str:
    if grouped_by == "image":
        return (
            f"LEAKING: folds were drawn by image; {patients} patients and {pairs} near-duplicate "
            "pairs lie on both sides of a split, so the numbers are too good."
        )
    known = (
        "No patient is in two folds" if grouped_by == "patient" else "Patients are unknown for some images"
    )
    return f"{known}; folds are grouped by {grouped_by}; {pairs} near-duplicate pairs lie across folds."
