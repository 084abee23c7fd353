"""Figure 7: images of each class with the model's Grad-CAM map of the true class."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from PIL.Image import Image

from ml.figures.style import QUIET, drawing, empty, note, save

PANEL = "ABCDEFGH"
_ROW_TITLE: Any = {"rotation": 90, "ha": "right", "va": "center", "fontweight": "bold", "fontsize": 9}


@dataclass(frozen=True)
class Example:
    """One image, its overlay (None: nothing speaks for the class) and what the model answered."""

    class_name: str
    image: Image
    overlay: Image | None
    caption: str


def figure_7(examples: Sequence[Example], path: Path, footer: str = "") -> Path:
    """One panel a class; in it, side by side, each image and its overlay."""
    classes = list(dict.fromkeys(example.class_name for example in examples))
    columns = max(1, *(sum(e.class_name == name for e in examples) for name in classes))
    with drawing(max(4.6, 3.4 * columns + 0.3), 1.85 * len(classes) + 0.3) as figure:
        panels = figure.subplots(len(classes), 2 * columns, squeeze=False)
        for axes in panels.flat:
            axes.set_axis_off()
        for row, name in enumerate(classes):
            title = f"{PANEL[row]}  {name}"
            panels[row, 0].text(-0.06, 0.5, title, transform=panels[row, 0].transAxes, **_ROW_TITLE)
            for place, example in enumerate(e for e in examples if e.class_name == name):
                _draw(panels[row, 2 * place], panels[row, 2 * place + 1], example)
        note(figure, footer)
        return save(figure, path)


def _draw(left: Axes, right: Axes, example: Example) -> None:
    left.imshow(shrunk(example.image))
    left.set_title(example.caption, fontsize=7, fontweight="normal")
    right.set_title("map of the true class", fontsize=7, fontweight="normal", color=QUIET)
    if example.overlay is None:
        empty(right, "nothing here speaks\nfor this class")
    else:
        right.imshow(shrunk(example.overlay))


def shrunk(image: Image, longest: int = 320) -> Image:
    """The image with its longer side at most that many pixels, so that the SVG stays small."""
    scale = longest / max(image.size)
    if scale >= 1:
        return image.convert("RGB")
    width, height = (max(1, math.floor(side * scale)) for side in image.size)
    return image.convert("RGB").resize((width, height))
