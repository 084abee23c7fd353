"""Deletion and insertion (Petsiuk et al. 2018, arXiv:1806.07421), and agreement with occlusion.

Cells of the feature grid are painted with the image's mean colour, or left as the only ones unpainted.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ml.audit.record import Part
from ml.audit.subject import Floats, Pixels, Subject, cell_mask, mean_colour, mean_figure, rank_correlation
from ml.gradcam import FloatMap

Order = NDArray[np.int64]


@dataclass(frozen=True)
class Effort:
    """How many passes an image costs: about (2 + random orders) × steps, and hidden cells²."""

    steps: int  # parts into which the cells are dealt, first the strongest
    random_orders: int
    cells: int  # of the occluded grid a side, at most
    shuffles: int  # of the weights, at each of three levels


THOROUGH, QUICK = Effort(5, 3, 6, 3), Effort(4, 1, 3, 1)


@dataclass(frozen=True)
class Shown:
    """The images with the classes that the network names, and those classes' maps N×h×w: what people see."""

    pixels: Pixels
    groups: list[str]
    classes: NDArray[np.int64]
    maps: FloatMap

    def rows(self) -> Iterator[tuple[Pixels, int, FloatMap]]:
        """Image, class and map, one by one."""
        return zip(self.pixels, self.classes.tolist(), self.maps, strict=True)


def shown(subject: Subject, pixels: Pixels, groups: list[str]) -> Shown:
    """What the network says and shows."""
    chances, maps = subject.answers(pixels)
    classes = chances.argmax(axis=1)
    return Shown(pixels, groups, classes, maps[np.arange(len(classes)), classes])


def curves(subject: Subject, seen: Shown, effort: Effort = THOROUGH) -> Part:
    """Areas under the curves in the map's order and in random orders of the same cells.

    `gain` is the mean of what the map's order does better in deletion and in insertion: chance cancels.
    """
    rng = np.random.default_rng(0)
    rows = [
        _areas(subject, image, name, _orders(grid, rng, effort), effort) if np.ptp(grid) > 0 else [np.nan] * 3
        for image, name, grid in seen.rows()
    ]
    deletion, insertion, chance = np.array(rows, dtype=np.float64).T
    return _part(
        {
            "gain": (insertion - deletion) / 2,
            "deletion": deletion,
            "insertion": insertion,
            "random": chance,
        },
        seen.groups,
    )


def _orders(grid: FloatMap, rng: np.random.Generator, effort: Effort) -> list[Order]:
    """Cells from the strongest on, from the weakest on, and at random; ties in a map lie at random too."""
    shuffled = rng.permutation(grid.size)
    strongest: Order = shuffled[np.argsort(-grid.ravel()[shuffled], kind="stable")]
    return [strongest, strongest[::-1], *(rng.permutation(grid.size) for _ in range(effort.random_orders))]


def _areas(subject: Subject, image: Pixels, name: int, orders: list[Order], effort: Effort) -> list[float]:
    """Deletion, insertion and random order: the class's mean probability while cells go.

    Inserting from the strongest on shows what deleting from the weakest on shows, backwards; a random order
    backwards is a random order. So all three areas are areas of deletions.
    """
    size = len(orders[0])
    ends = np.unique(np.round(np.linspace(0, size, effort.steps + 1)).astype(int))
    states = [[_hidden(order, int(end)) for end in ends[1:-1]] for order in orders]
    alike = [np.zeros(size, dtype=bool), np.ones(size, dtype=bool)]  # of every order: nothing gone, all gone
    side = round(size**0.5)
    cells = [*alike, *(state for order in states for state in order)]
    pictures = np.stack([_painted(image, each.reshape(side, -1)) for each in cells])
    values = subject.probabilities(pictures)[:, name]
    between = values[2:].reshape(len(orders), -1)
    start, end = np.full((len(orders), 1), values[0]), np.full((len(orders), 1), values[1])
    areas = np.asarray(np.trapezoid(np.hstack([start, between, end]), ends / size, axis=1))
    return [float(areas[0]), float(areas[1]), float(areas[2:].mean())]


def _hidden(order: Order, end: int) -> NDArray[np.bool_]:
    cells = np.zeros(len(order), dtype=bool)
    cells[order[:end]] = True
    return cells


def occlusion(subject: Subject, seen: Shown, effort: Effort = THOROUGH) -> Part:
    """Rank correlation of each map with what hiding each cell costs the class's log-odds."""
    alike = []
    for image, name, grid in seen.rows():
        blocks = coarse(grid, effort.cells)
        flat = np.ptp(blocks) == 0
        alike.append(np.nan if flat else rank_correlation(blocks, _costs(subject, image, name, blocks.shape)))
    return _part({"rank_correlation": np.array(alike, dtype=np.float64)}, seen.groups)


def coarse(grid: FloatMap, most: int) -> FloatMap:
    """The map averaged over blocks, at most `most` a side: each costs one pass."""
    for axis in (0, 1):
        blocks = np.array_split(np.arange(grid.shape[axis]), min(most, grid.shape[axis]))
        grid = np.stack([grid.take(block, axis=axis).mean(axis=axis) for block in blocks], axis=axis)
    return grid


def _costs(subject: Subject, image: Pixels, name: int, shape: tuple[int, ...]) -> Floats:
    """Drop of the class's log-odds by hidden cell, h×w."""
    hidden = [_painted(image, cells.reshape(shape)) for cells in np.eye(int(np.prod(shape)), dtype=bool)]
    odds = _log_odds(subject.logits(np.stack([image, *hidden])), name)
    return (odds[0] - odds[1:]).reshape(shape)


def _log_odds(logits: Floats, name: int) -> Floats:
    others = np.delete(logits, name, axis=1)
    return np.asarray(logits[:, name] - np.logaddexp.reduce(others, axis=1))


def _painted(image: Pixels, cells: NDArray[np.bool_]) -> Pixels:
    return np.where(cell_mask(cells, image.shape[0])[..., None], mean_colour(image), image)


def _part(values: dict[str, Floats], groups: list[str]) -> Part:
    found = {name: mean_figure(each, groups) for name, each in values.items()}
    figures = {name: figure for name, (figure, _) in found.items() if figure is not None}
    if len(figures) < len(values):
        return Part(0, {}, "Every map is empty or flat.")
    return Part(min(count for _, count in found.values()), figures)
