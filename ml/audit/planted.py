"""Planted text: does the answer follow a ward's name burned into the image, and does the map lie on it?"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ml.audit.images import Stamped
from ml.audit.record import Part
from ml.audit.subject import Floats, Subject, known_mean, mean_figure
from ml.gradcam import FloatMap, upscale

NONE_PLANTED = "Text is planted into phantoms alone: these are images of a folder."


def planted_text(subject: Subject, stamped: Stamped | None, groups: list[str]) -> Part:
    """`probability_change`: how much likelier a class gets when its own ward's name takes the place of
    another's, mean over classes; `energy_share`: of its map inside the print's box, also over its area."""
    if stamped is None:
        return Part(0, {}, NONE_PLANTED)
    answers = [subject.answers(pixels) for pixels in stamped.pixels]
    chances = np.stack([chance for chance, _ in answers])
    maps = [every[:, name] for name, (_, every) in enumerate(answers)]
    box = _box_mask(stamped)
    shares = np.stack([_inside(each, box) for each in maps], axis=1)
    inside, area = known_mean(shares), float(box.mean())
    change, images = mean_figure(_change(chances), groups)
    energy, _ = mean_figure(inside, groups)
    ratio, _ = mean_figure(inside / area, groups)
    if change is None:
        return Part(0, {}, "There was no image.")
    figures = {"probability_change": change}
    if energy is not None and ratio is not None:
        figures |= {"energy_share": energy, "energy_over_area": ratio}
    return Part(images, figures)


def _change(chances: Floats) -> Floats:
    """From probabilities stamp×N×class: N means over the classes of p(class | own) - p(class | another's)."""
    classes = len(chances)
    own = np.stack([chances[name, :, name] for name in range(classes)])
    every = np.stack([chances[:, :, name].sum(axis=0) for name in range(classes)])
    others = (every - own) / (classes - 1)
    return np.asarray((own - others).mean(axis=0))


def _box_mask(stamped: Stamped) -> NDArray[np.bool_]:
    side = stamped.pixels.shape[-2]
    left, top, right, bottom = (round(value * side) for value in stamped.box)
    mask = np.zeros((side, side), dtype=bool)
    mask[max(top, 0) : bottom, max(left, 0) : right] = True
    return mask


def _inside(maps: FloatMap, box: NDArray[np.bool_]) -> Floats:
    """Share of each map's energy inside the box; NaN for an empty one."""
    side = len(box)
    enlarged = [upscale(grid, (side, side)) for grid in maps]
    return np.array([float(grid[box].sum() / grid.sum()) if grid.any() else np.nan for grid in enlarged])
