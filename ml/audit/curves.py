"""Deletion and insertion (Petsiuk et al. 2018, arXiv:1806.07421), and agreement with occlusion.

Cells of the feature grid are painted with the image's mean colour, or left as the only ones unpainted.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.audit.record import Part
from ml.audit.subject import Floats, Pixels, Subject, cell_mask, mean_colour, mean_figure, rank_correlation
from ml.gradcam import FloatMap

STEPS = 5  # parts into which the cells are dealt, first the strongest
RANDOM_ORDERS = 3
MOST_SIDE = 6  # cells of the occluded grid a side
Order = NDArray[np.int64]


def predicted(subject: Subject, pixels: Pixels) -> tuple[NDArray[np.int64], FloatMap]:
    """The class that the network names and that class's map N×h×w: what a person is shown."""
    classes = subject.logits(pixels).argmax(axis=1)
    return classes, subject.maps(pixels)[np.arange(len(classes)), classes]


def curves(
    subject: Subject, pixels: Pixels, groups: list[str], classes: NDArray[np.int64], maps: FloatMap
) -> Part:
    """Areas under the curves in the map's order and in random orders of the same cells; `gain` is the mean
    of what the map's order does better in the two."""
    rng = np.random.default_rng(0)
    rows = [
        _areas(subject, image, int(name), grid, rng) if np.ptp(grid) > 0 else [np.nan] * 4
        for image, name, grid in zip(pixels, classes, maps, strict=True)
    ]
    deletion, insertion, random_deletion, random_insertion = np.array(rows, dtype=np.float64).T
    gain = (random_deletion - deletion + insertion - random_insertion) / 2
    return _part(
        {
            "gain": gain,
            "deletion": deletion,
            "deletion_random": random_deletion,
            "insertion": insertion,
            "insertion_random": random_insertion,
        },
        groups,
    )


def _areas(
    subject: Subject, image: Pixels, name: int, grid: FloatMap, rng: np.random.Generator
) -> list[float]:
    """Deletion, insertion, and both at random, of one image."""
    size = grid.size
    # Ties in a map say nothing about an order: a random one among them.
    shuffled = rng.permutation(size)
    strongest: Order = shuffled[np.argsort(-grid.ravel()[shuffled], kind="stable")]
    chance: list[Order] = [rng.permutation(size) for _ in range(RANDOM_ORDERS)]
    orders = [strongest, strongest[::-1], *chance]
    shown = np.concatenate([_deleted(image, order, grid.shape) for order in orders])
    values = subject.probabilities(shown)[:, name].reshape(len(orders), -1)
    areas = np.asarray(np.trapezoid(values, axis=1)) / (values.shape[1] - 1)
    # What is left when all weaker cells are deleted is what inserting the strongest shows, read backwards;
    # a random order backwards is a random order.
    return [float(areas[0]), float(areas[1]), float(areas[2:].mean()), float(areas[2:].mean())]


def _deleted(image: Pixels, order: Order, shape: tuple[int, ...]) -> Pixels:
    """The image with more and more cells painted over, from none to all."""
    ends = np.unique(np.round(np.linspace(0, len(order), STEPS + 1)).astype(int))
    pictures = []
    for end in ends:
        cells = np.zeros(len(order), dtype=bool)
        cells[order[:end]] = True
        pictures.append(_painted(image, cells.reshape(shape)))
    return np.stack(pictures)


def occlusion(
    subject: Subject, pixels: Pixels, groups: list[str], classes: NDArray[np.int64], maps: FloatMap
) -> Part:
    """Rank correlation of each map with what hiding each cell costs the class's log-odds."""
    grids = [coarse(grid) for grid in maps]
    costs = [
        _costs(subject, image, int(name), grid.shape)
        for image, name, grid in zip(pixels, classes, grids, strict=True)
    ]
    alike = np.array([rank_correlation(grid, cost) for grid, cost in zip(grids, costs, strict=True)])
    return _part({"rank_correlation": alike}, groups)


def coarse(grid: FloatMap) -> FloatMap:
    """The map averaged over blocks, at most MOST_SIDE cells a side: each cell costs one pass."""
    for axis in (0, 1):
        blocks = np.array_split(np.arange(grid.shape[axis]), min(MOST_SIDE, grid.shape[axis]))
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
