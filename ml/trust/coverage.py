"""Does a calibration keep its promise? Coverage of its sets on draw after draw of images nobody has used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from ml.metrics import expected_calibration_error, softmax
from ml.taxonomy import CLASS_NAMES
from ml.trust.fit import Answers
from ml.trust.p_values import as_high, upper_share
from ml.trust.record import Calibration

BOUND = 0.99  # of the binomial bounds, one side each
PAPER_COUNTS = (164, 122, 300)  # patients a class in the paper (§2.1), in the order of CLASS_NAMES


@dataclass(frozen=True)
class Coverage:
    """One calibration on many draws; `covered` holds by draw, the share of a class whose set has it."""

    calibrated_on: dict[str, int]  # images a class that gave scores
    temperature: float
    level: float
    images_a_class: int  # in each draw
    covered: list[dict[str, float]]
    lower_bound: float  # binomial, 99 %, one-sided, of the level
    upper_bound: float
    below: int  # of all cells of `covered`
    above: int
    mean_set_size: float
    sets_of_one: float  # share
    sets_of_all: float
    empty_sets: float
    images: int
    ece_before: float
    ece_after: float

    @property
    def cells(self) -> int:
        return len(self.covered) * len(CLASS_NAMES)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"cells": self.cells}


def measure_coverage(draws: Sequence[Answers], calibration: Calibration, level: float) -> Coverage:
    """Draws of equally many images of each class."""
    count = int(np.bincount(draws[0].labels, minlength=len(CLASS_NAMES))[0])
    inside = [_inside(draw, calibration, level) for draw in draws]
    covered = [
        {name: float(members[draw.labels == k, k].mean()) for k, name in enumerate(CLASS_NAMES)}
        for draw, members in zip(draws, inside, strict=True)
    ]
    low, high = (float(binom.ppf(tail, count, level)) / count for tail in (1 - BOUND, BOUND))
    cells = [value for row in covered for value in row.values()]
    labels, logits = (
        np.concatenate([getattr(draw, part) for draw in draws]) for part in ("labels", "logits")
    )
    sizes = np.concatenate(inside).sum(axis=1)
    return Coverage(
        calibrated_on={name: len(scores) for name, scores in calibration.scores.items()},
        temperature=calibration.temperature,
        level=level,
        images_a_class=count,
        covered=covered,
        lower_bound=low,
        upper_bound=high,
        below=sum(value < low for value in cells),
        above=sum(value > high for value in cells),
        mean_set_size=float(sizes.mean()),
        sets_of_one=float((sizes == 1).mean()),
        sets_of_all=float((sizes == len(CLASS_NAMES)).mean()),
        empty_sets=float((sizes == 0).mean()),
        images=len(labels),
        ece_before=expected_calibration_error(labels, softmax(logits)),
        ece_after=expected_calibration_error(labels, softmax(logits / calibration.temperature)),
    )


def _inside(draw: Answers, calibration: Calibration, level: float) -> NDArray[np.bool_]:
    """Which classes each image's set has, N×K."""
    chances = softmax(np.asarray(draw.logits, dtype=np.float64) / calibration.temperature)
    columns = []
    for k, scores in enumerate(calibration.scores.values()):
        bounds = np.array([upper_share(found, len(scores)) for found in range(len(scores) + 1)])
        columns.append(bounds[[as_high(score, scores) for score in 1.0 - chances[:, k]]] > 1.0 - level)
    return np.stack(columns, axis=1)


def first_of_each(answers: Answers, counts: Sequence[int]) -> Answers:
    """The first so many images of each class."""
    rows = [np.flatnonzero(answers.labels == k)[:count] for k, count in enumerate(counts)]
    return answers.take(np.sort(np.concatenate(rows)))


def table(found: Sequence[tuple[str, Coverage]]) -> str:
    """A row a calibration, in Markdown."""
    lines = [
        "| calibrated on | coverage, lowest to highest of the draws | below the bound | above | set size "
        "| one class | cannot say | ECE before | after |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name, one in found:
        spans = ", ".join(f"{k} {_span(one, k)}" for k in CLASS_NAMES)
        lines.append(
            f"| {name}: {' / '.join(map(str, one.calibrated_on.values()))} | {spans} "
            f"| {one.below} of {one.cells} (bound {one.lower_bound:.3f}) "
            f"| {one.above} of {one.cells} (bound {one.upper_bound:.3f}) | {one.mean_set_size:.2f} "
            f"| {one.sets_of_one:.1%} | {one.sets_of_all:.1%} "
            f"| {one.ece_before:.3f} | {one.ece_after:.3f} |"
        )
    return "\n".join(lines)


def _span(coverage: Coverage, name: str) -> str:
    values = [row[name] for row in coverage.covered]
    return f"{min(values):.3f} to {max(values):.3f}"
