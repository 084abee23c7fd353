"""Figure 5 (confusion matrix and ROC curves), Figures S1 and S2 (the same in a grid), reliability diagram."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from matplotlib.axes import Axes

from ml.figures.style import (
    DASHES,
    FAINT,
    INK,
    QUIET,
    SEQUENTIAL,
    class_colors,
    drawing,
    empty,
    letter,
    note,
    save,
)

Results = Mapping[str, Any]  # what ml.evaluate.results makes of one set of predictions
Grid = Mapping[str, Mapping[str, Results]]  # row title -> column title -> results


def figure_5(results: Results, path: Path, *, title: str, footer: str = "") -> Path:
    """Confusion matrix (A) and ROC curves (B) of one model over all its folds."""
    with drawing(7.4, 3.7) as figure:
        left, right = figure.subplots(1, 2, width_ratios=(1, 1.05))
        draw_confusion(left, results["confusion"], results["classes"])
        draw_roc(right, results)
        for axes, name in ((left, "A"), (right, "B")):
            letter(axes, name)
        figure.suptitle(title, x=0.01, ha="left", fontsize=10)
        note(figure, footer)
        return save(figure, path)


def figure_s1(grid: Grid, path: Path, footer: str = "") -> Path:
    """Confusion matrices: one row a backbone, one column a pre-training task."""
    return _grid(
        grid, path, footer, lambda axes, r: draw_confusion(axes, r["confusion"], r["classes"], small=True)
    )


def figure_s2(grid: Grid, path: Path, footer: str = "") -> Path:
    """ROC curves: one row a backbone, one column a pre-training task."""
    return _grid(grid, path, footer, lambda axes, r: draw_roc(axes, r, small=True))


def reliability_figure(results: Results, path: Path, *, title: str, footer: str = "") -> Path:
    """How often the model is right (A) and how many cases there are (B) at each confidence."""
    with drawing(4.2, 4.6) as figure:
        top, bottom = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
        draw_reliability(top, results)
        bins = results["reliability"]
        middles = [(b["low"] + b["high"]) / 2 for b in bins]
        bottom.bar(
            middles, [b["count"] for b in bins], width=bins[0]["high"] * 0.9, color=FAINT, edgecolor=QUIET
        )
        bottom.set(xlabel="confidence of the answer", ylabel="images")
        top.set_title(title)
        note(figure, footer)
        return save(figure, path)


def draw_confusion(
    axes: Axes, counts: Sequence[Sequence[int]], classes: Sequence[str], *, small: bool = False
) -> None:
    """Counts with the share of the true class below; shading follows the share."""
    table = np.asarray(counts, dtype=float)
    share = np.divide(
        table, table.sum(axis=1, keepdims=True), out=np.zeros_like(table), where=table.sum(1)[:, None] > 0
    )
    axes.imshow(share, cmap=SEQUENTIAL, vmin=0, vmax=1, aspect="equal")
    for (row, column), value in np.ndenumerate(table):
        text = f"{value:.0f}" if small else f"{value:.0f}\n{share[row, column]:.0%}"
        ink = "white" if share[row, column] > 0.55 else INK
        axes.text(column, row, text, ha="center", va="center", color=ink, fontsize=6 if small else 9)
    axes.set_xticks(
        range(len(classes)), list(classes), rotation=45 if small else 0, ha="right" if small else "center"
    )
    axes.set_yticks(range(len(classes)), list(classes))
    axes.tick_params(length=0, labelsize=6 if small else 8.5)
    axes.spines[:].set_visible(False)
    if not small:
        axes.set(xlabel="predicted", ylabel="true", title="Confusion matrix")


def draw_roc(axes: Axes, results: Results, *, small: bool = False) -> None:
    """One curve a class against the rest, its area and interval in the legend, the diagonal for chance."""
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, zorder=0)
    colors = class_colors(results["classes"])
    for index, name in enumerate(results["classes"]):
        curve = results["roc"][name]
        if curve is None:
            continue
        style: dict[str, Any] = {"color": colors[index], "linestyle": DASHES[index % len(DASHES)]}
        area = results["per_class"][name]["auc"]
        label = f"{name} {_area(area, short=small)}"
        axes.plot(curve["fpr"], curve["tpr"], linewidth=1.0 if small else 1.6, label=label, **style)
    axes.set(xlim=(-0.01, 1.01), ylim=(-0.01, 1.01), aspect="equal")
    axes.set_xticks([0, 0.5, 1])
    axes.set_yticks([0, 0.5, 1])
    if any(results["roc"].values()):
        axes.legend(loc="lower right", fontsize=5.5 if small else 7.5, handlelength=1.8, labelspacing=0.25)
    if not small:
        axes.set(
            xlabel="false positive rate",
            ylabel="true positive rate",
            title="ROC, each class against the rest",
        )


def draw_reliability(axes: Axes, results: Results) -> None:
    """Accuracy against confidence; the gap to the diagonal is the calibration error."""
    axes.plot([0, 1], [0, 1], color=FAINT, linewidth=1, zorder=0)
    filled = [b for b in results["reliability"] if b["count"]]
    for b in filled:
        axes.plot(
            [b["confidence"]] * 2, [b["confidence"], b["accuracy"]], color="#D55E00", linewidth=1, alpha=0.6
        )
    axes.plot(
        [b["confidence"] for b in filled],
        [b["accuracy"] for b in filled],
        "o-",
        color="#0072B2",
        markersize=4,
    )
    ece, brier = results["metrics"]["ece"], results["metrics"]["brier"]
    text = f"ECE {_area(ece)}\nBrier {_area(brier)}"
    axes.text(0.03, 0.97, text, transform=axes.transAxes, va="top", fontsize=7.5)
    axes.set(xlim=(0, 1), ylim=(0, 1.02), ylabel="share that is right")


def _grid(grid: Grid, path: Path, footer: str, draw: Any) -> Path:
    rows = list(grid)
    columns = list(dict.fromkeys(name for row in grid.values() for name in row))
    with drawing(1.9 * len(columns) + 0.6, 1.9 * len(rows) + 0.5) as figure:
        panels = figure.subplots(len(rows), len(columns), squeeze=False)
        for (r, c), axes in np.ndenumerate(panels):
            cell = grid[rows[r]].get(columns[c])
            if cell is None:
                empty(axes, "not run")
            else:
                draw(axes, cell)
            if r == 0:
                axes.set_title(columns[c])
            if c == 0:
                axes.set_ylabel(rows[r], fontsize=8.5, fontweight="bold")
        note(figure, footer)
        return save(figure, path)


def _area(value: Mapping[str, Any], *, short: bool = False) -> str:
    if value["value"] is None:
        return "–"
    if short or value["low"] is None:
        return f"{value['value']:.3f}"
    return f"{value['value']:.3f} ({value['low']:.3f}–{value['high']:.3f})"
