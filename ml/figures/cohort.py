"""Figure 2: the cohort, one panel a feature, classes side by side in their colours."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from ml.cohort.comparisons import Comparison
from ml.cohort.table import COLUMNS, Cohort
from ml.figures.style import CLASS_COLORS, CLASS_FILLS, INK, QUIET, drawing, letter, note, save

COLUMNS_OF_PANELS = 3


def figure_2(cohort: Cohort, comparisons: Sequence[Comparison], path: Path, footer: str = "") -> Path:
    """Boxes for numbers, shares of each class for categories; each title carries Holm's p."""
    rows = -(-len(comparisons) // COLUMNS_OF_PANELS)
    with drawing(9.0, 2.3 * rows + 0.4) as figure:
        panels = figure.subplots(rows, COLUMNS_OF_PANELS, squeeze=False)
        for axes in panels.flat[len(comparisons) :]:
            axes.set_axis_off()
        for number, (axes, found) in enumerate(zip(panels.flat, comparisons, strict=False)):
            groups = cohort.groups(found.column)
            if COLUMNS[found.column].numeric:
                draw_boxes(axes, groups)
                axes.set_ylabel(COLUMNS[found.column].unit)
            else:
                draw_shares(axes, found.summary)
                axes.set_ylabel("% of class")
            axes.set_title(_title(found), fontsize=8.5)
            letter(axes, chr(ord("A") + number))
        handles = [_patch(name) for name in cohort.class_names]
        figure.legend(handles=handles, loc="outside upper center", ncols=len(handles))
        note(figure, footer)
        return save(figure, path)


def draw_boxes(axes: Axes, groups: Mapping[str, Any]) -> None:
    """Median, quartiles, whiskers to 1.5 interquartile ranges; every patient a dot, spread by rank."""
    names = list(groups)
    boxes = axes.boxplot(
        [groups[name] for name in names], widths=0.55, patch_artist=True, showfliers=False, tick_labels=names
    )
    for name, box, median in zip(names, boxes["boxes"], boxes["medians"], strict=True):
        box.set(facecolor=CLASS_FILLS[name], alpha=0.55, edgecolor=CLASS_COLORS[name])
        median.set(color=INK, linewidth=1.4)
    for place, name in enumerate(names, start=1):
        values = np.asarray(groups[name], dtype=np.float64)
        shift = 0.18 * np.sin(np.arange(len(values)) * 2.399963)  # golden angle: even, and the same each time
        axes.plot(place + shift, values, ".", markersize=1.6, color=CLASS_COLORS[name], alpha=0.45)
    axes.tick_params(axis="x", length=0)


def draw_shares(axes: Axes, summary: Mapping[str, Mapping[str, int]]) -> None:
    """Bars grouped by category, one a class, in per cent of the class."""
    names = list(summary)
    categories = list(next(iter(summary.values())))
    width = 0.8 / len(names)
    for index, name in enumerate(names):
        counts = np.array([summary[name][category] for category in categories], dtype=np.float64)
        places = np.arange(len(categories)) - 0.4 + (index + 0.5) * width
        shares = 100 * counts / max(1.0, counts.sum())
        axes.bar(
            places, shares, width * 0.92, color=CLASS_FILLS[name], edgecolor=CLASS_COLORS[name], linewidth=0.6
        )
    axes.set_xticks(range(len(categories)), categories)
    axes.tick_params(axis="x", length=0, labelcolor=INK)
    axes.spines["left"].set_color(QUIET)


def _title(found: Comparison) -> str:
    p_value = found.overall.p_holm
    if p_value is None:
        return f"{COLUMNS[found.column].title} (no test)"
    text = "p < 0.001" if p_value < 0.001 else f"p = {p_value:.3f}"
    return f"{COLUMNS[found.column].title}, {text}"


def _patch(name: str) -> Patch:
    return Patch(facecolor=CLASS_FILLS[name], edgecolor=CLASS_COLORS[name], label=name)
