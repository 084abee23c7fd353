"""Who trains, who stops, who scores: grouped and stratified, or the paper's image-level folds on request."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedGroupKFold, StratifiedKFold

from ml.data.samples import DataError, SampleSet

Rows = NDArray[np.int64]


class Protocol(StrEnum):
    """How a set is split; every result names it."""

    GROUPED = "grouped"
    PAPER = "paper"

    @property
    def label(self) -> str:
        """The protocol as a report prints it."""
        if self is Protocol.PAPER:
            return "paper (image-level folds, stopping on the scored fold): LEAKING, for comparison only"
        return "grouped folds, stopping on an inner split"


@dataclass(frozen=True)
class Fold:
    """Row numbers of the three parts. In the paper's protocol `stopping` is `scored`."""

    number: int
    training: Rows
    stopping: Rows
    scored: Rows


def make_folds(
    samples: SampleSet, groups: Sequence[str], *, protocol: Protocol, count: int, seed: int, inner: int = 5
) -> list[Fold]:
    """`count` folds; every image is scored once. The inner split keeps 1/`inner` of the rest for stopping."""
    labels = np.array(samples.labels)
    if protocol is Protocol.PAPER:
        _need_members(samples, [str(index) for index in range(len(samples))], count, "images")
        splitter = StratifiedKFold(count, shuffle=True, random_state=seed)
        parts = [scored for _, scored in splitter.split(labels, labels)]
        return [Fold(k, _others(len(labels), scored), scored, scored) for k, scored in enumerate(parts)]
    _need_members(samples, groups, count + 1, "patients (or near-duplicate clusters)")
    outer = grouped_parts(labels, groups, count, seed)
    return [
        _fold_with_inner_split(k, scored, labels, groups, seed=seed, inner=inner)
        for k, scored in enumerate(outer)
    ]


def split_once(labels: Sequence[int], groups: Sequence[str], *, parts: int, seed: int) -> tuple[Rows, Rows]:
    """(training, validation) rows, validation being 1/`parts` of the groups: 4:1 in pre-training.

    Where a class has fewer groups than `parts`, validation takes the larger share that this class can give.
    """
    members = [len({g for g, own in zip(groups, labels, strict=True) if own == k}) for k in set(labels)]
    if min(members, default=0) < 2:
        raise DataError("A class has only one patient (or near-duplicate cluster) left: it cannot be split.")
    validation = grouped_parts(np.array(labels), groups, min(parts, *members), seed)[0]
    return _others(len(labels), validation), validation


def grouped_parts(labels: NDArray[np.int64], groups: Sequence[str], count: int, seed: int) -> list[Rows]:
    """`count` stratified parts that never share a group."""
    splitter = StratifiedGroupKFold(count, shuffle=True, random_state=seed)
    return [part for _, part in splitter.split(labels, labels, np.array(groups))]


def _fold_with_inner_split(
    number: int, scored: Rows, labels: NDArray[np.int64], groups: Sequence[str], *, seed: int, inner: int
) -> Fold:
    rest = _others(len(labels), scored)
    rest_groups = [groups[row] for row in rest]
    training, stopping = split_once(labels[rest].tolist(), rest_groups, parts=inner, seed=seed + 1 + number)
    return Fold(number, rest[training], rest[stopping], scored)


def _others(count: int, rows: Rows) -> Rows:
    return np.setdiff1d(np.arange(count), rows)


def _need_members(samples: SampleSet, groups: Sequence[str], minimum: int, what: str) -> None:
    """Every class needs enough groups, or a fold would lack the class."""
    for label, name in enumerate(samples.class_names):
        found = len({group for group, own in zip(groups, samples.labels, strict=True) if own == label})
        if found < minimum:
            raise DataError(
                f"The class '{name}' of '{samples.name}' has {found} {what}; at least {minimum} are needed "
                "for this number of folds. Add data or choose fewer folds."
            )


def oversample(labels: NDArray[np.int64], rows: Rows, rng: np.random.Generator) -> Rows:
    """Training rows with the smaller classes drawn again at random until all classes are equally frequent."""
    counts = np.bincount(labels[rows])
    wanted = counts.max()
    extra = [
        rng.choice(rows[labels[rows] == label], wanted - count, replace=True)
        for label, count in enumerate(counts)
        if 0 < count < wanted
    ]
    return np.concatenate([rows, *extra])
