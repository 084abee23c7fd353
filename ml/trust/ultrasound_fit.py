"""Fits what tells ultrasound from other pictures, and measures it: each source, kind and maker left out once.

What is judged never chooses: penalty and threshold are settled on the pictures that are left, by leaving out
each of their sources and kinds in turn.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.trust.logistic import standardised
from ml.trust.slot_data import PHANTOMS
from ml.trust.slot_fit import Rate
from ml.trust.ultrasound import DOUBTED_FROM, FURTHEST, MEASURED
from ml.trust.ultrasound_data import Looked
from ml.trust.ultrasound_ridge import RidgeModel, shared_out
from ml.trust.ultrasound_versions import OTHER, ULTRASOUND

LEAST_SCALE = 1e-3
PHANTOMS_COUNT = 2.0  # times as much as real images: none of them may be doubted, and few are seen
PENALTIES = (3e-4, 1e-3, 3e-3)  # on the squares of the weights, beside a mean squared error
ALLOWED = 0.025  # of the ultrasound images of sources that were left out in turn: so many may be doubted
LEAST_THRESHOLD = 0.25  # of the way between the labels: where little ultrasound is left out, or none is near
LEAST_WEIGHT = 0.5  # below, no picture of a label is left

# What the goal names: "photographs and wallpapers from Python and Debian packages, charts, screenshots,
# CT / MR slices that pydicom ships, noise, blank".
NAMED_KINDS = ("photographs/", "wallpapers/", "charts/", "screenshots/", "noise/", "blank and gradients/")
NAMED_MAKERS = ("CT and MR slices/pydicom",)

Floats = NDArray[np.float64]
Names = NDArray[np.str_]


@dataclass(frozen=True)
class Rule:
    """The penalty, and the reading from which an image is doubted."""

    penalty: float
    threshold: float


@dataclass(frozen=True)
class Sums:
    """Of one source or kind: the products of its features, and their sum; its label, size and weight."""

    products: Floats
    total: Floats
    label: int
    count: int
    weight: float


def fit_ultrasound(looked: Looked) -> RidgeModel:
    """A model of all pictures, whose constant is shifted so that its threshold is DOUBTED_FROM."""
    spread, mean, scale = _spread(looked)
    sums = _sums(spread, looked)
    rule = settled(looked, spread, sums)
    weights = _weights(_pooled(list(sums.values())), rule.penalty)
    weights[-1] += DOUBTED_FROM - rule.threshold
    return RidgeModel(mean, scale, weights, FURTHEST, len(MEASURED))


def settled(looked: Looked, spread: Floats, sums: dict[str, Sums]) -> Rule:
    """The penalty by which most other pictures are doubted, at a threshold sparing enough ultrasound."""
    pooled = _pooled(list(sums.values()))
    best, most = Rule(PENALTIES[0], LEAST_THRESHOLD), -1.0
    for penalty in PENALTIES:
        readings = _readings_left_out(looked, spread, sums, pooled, penalty)
        spared = np.quantile(readings[ULTRASOUND], 1 - ALLOWED) if len(readings[ULTRASOUND]) else 0.0
        threshold = max(LEAST_THRESHOLD, float(spared))
        flagged = float((readings[OTHER] >= threshold).mean()) if len(readings[OTHER]) else 0.0
        if flagged > most:
            best, most = Rule(penalty, threshold), flagged
    return best


def left_out(
    looked: Looked, groups: Names, labels: Sequence[int] = (ULTRASOUND, OTHER)
) -> Iterator[tuple[str, int, Rate]]:
    """Each group of `groups` (of N: sources, or makers) that has one of `labels`, but phantoms; its label,
    and how many of its images are doubted by a classifier that was fitted, and whose rule was settled, on
    everything else."""
    for group in sorted(set(groups[np.isin(looked.labels, labels)].tolist())):
        if group.startswith(PHANTOMS):
            continue
        own = groups == group
        images = looked.take(own & looked.as_came)
        yield group, int(images.labels[0]), doubted(fit_ultrasound(looked.take(~own)), images)


def kinds_left_out(looked: Looked) -> Iterator[tuple[str, int, Rate]]:
    """Each maker of other pictures, by a classifier that saw nothing of its whole kind."""
    for kind in sorted(set(looked.sources[looked.labels == OTHER].tolist())):
        own = looked.sources == kind
        model = fit_ultrasound(looked.take(~own))
        for maker in sorted(set(looked.makers[own].tolist())):
            images = looked.take(own & looked.as_came & (looked.makers == maker))
            yield maker, OTHER, doubted(model, images)


def named(found: Sequence[tuple[str, int, Rate]]) -> Rate:
    """The sum of the makers whose pictures the goal of 99 % was set for; the others were added since."""
    return _together(rate for name, _, rate in found if name.startswith(NAMED_KINDS) or name in NAMED_MAKERS)


def _together(rates: Iterable[Rate]) -> Rate:
    found = list(rates)
    return Rate(sum(rate.found for rate in found), sum(rate.of for rate in found))


def doubted(model: RidgeModel, images: Looked) -> Rate:
    """How many would be called no ultrasound image."""
    readings = model.readings(images.features)
    return Rate(int((readings >= DOUBTED_FROM).sum()), len(readings))


def _spread(looked: Looked) -> tuple[Floats, Floats, Floats]:
    mean, scale = looked.features.mean(axis=0), np.maximum(looked.features.std(axis=0), LEAST_SCALE)
    standard = standardised(looked.features, mean, scale, FURTHEST)
    return shared_out(standard, len(MEASURED)), mean, scale


def _sums(spread: Floats, looked: Looked) -> dict[str, Sums]:
    found = {}
    for source in sorted(set(looked.sources.tolist())):
        rows = spread[looked.sources == source]
        label = int(looked.labels[looked.sources == source][0])
        found[source] = Sums(rows.T @ rows, rows.sum(axis=0), label, len(rows), _weight(source, len(rows)))
    return found


def _weight(source: str, count: int) -> float:
    return float(count**0.5) * (PHANTOMS_COUNT if source.startswith(PHANTOMS) else 1.0)


@dataclass(frozen=True)
class Pooled:
    """By label: the sources' mean products and means, each by its weight, and the sum of the weights."""

    products: tuple[Floats, Floats]
    totals: tuple[Floats, Floats]
    wholes: tuple[float, float]


def _pooled(sums: list[Sums]) -> Pooled:
    of_label = [[part for part in sums if part.label == label] for label in (ULTRASOUND, OTHER)]
    ultrasound, other = (
        (
            np.sum([part.products * (part.weight / part.count) for part in parts], axis=0),
            np.sum([part.total * (part.weight / part.count) for part in parts], axis=0),
            sum(part.weight for part in parts),
        )
        for parts in of_label
    )
    return Pooled(*zip(ultrasound, other, strict=True))


def _weights(pooled: Pooled, penalty: float, without: Sums | None = None) -> Floats:
    """Both labels weigh the same; within each, a source weighs as the root of the number of its images,
    phantoms PHANTOMS_COUNT times that."""
    products, totals, wholes = list(pooled.products), list(pooled.totals), list(pooled.wholes)
    if without is not None:
        share = without.weight / without.count
        products[without.label] = products[without.label] - without.products * share
        totals[without.label] = totals[without.label] - without.total * share
        wholes[without.label] -= without.weight
    both = zip(products, wholes, strict=True)
    mean = sum(each / (2 * whole) for each, whole in both if whole > LEAST_WEIGHT)
    penalties = penalty * np.eye(len(totals[OTHER]))
    wanted = totals[OTHER] / (2 * max(wholes[OTHER], LEAST_WEIGHT))
    return np.asarray(np.linalg.solve(mean + penalties, wanted))


def _readings_left_out(
    looked: Looked, spread: Floats, sums: dict[str, Sums], pooled: Pooled, penalty: float
) -> dict[int, Floats]:
    """By label: what is said of each image, as it came, of a source or kind that was left out."""
    found: dict[int, list[Floats]] = {ULTRASOUND: [np.zeros(0)], OTHER: [np.zeros(0)]}
    for source, own in sums.items():
        if source.startswith(PHANTOMS):
            continue
        weights = _weights(pooled, penalty, without=own)
        found[own.label].append(spread[(looked.sources == source) & looked.as_came] @ weights)
    return {label: np.concatenate(parts) for label, parts in found.items()}


def rates_table(found: Sequence[tuple[str, int, Rate]]) -> str:
    """Markdown: ultrasound by source, other pictures by kind or maker, and the sum of each."""
    lines = ["| pictures | called no ultrasound |", "|---|---|"]
    for label, title in ((ULTRASOUND, "all ultrasound"), (OTHER, "all others")):
        rates = [(source, rate) for source, of, rate in found if of == label]
        if rates:
            lines += [f"| {source} | {rate} |" for source, rate in rates]
            lines.append(f"| **{title}** | {_together(rate for _, rate in rates)} |")
    return "\n".join(lines)
