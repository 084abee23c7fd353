"""Figures 3 and 4: every backbone on every task, and with against without pre-training."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch

from ml.figures.style import FAMILY_COLORS, INK, OTHER_COLORS, QUIET, drawing, letter, note, save
from ml.paper import FAMILY_NAMES

Results = Mapping[str, Any]
METRICS = (("accuracy", "Accuracy"), ("auc_ovr", "AUC (one-vs-rest)"))


def figure_3(grid: Mapping[str, Mapping[str, Results]], path: Path, footer: str = "") -> Path:
    """Accuracy (A) and AUC (B) of each backbone (outer key) on each pre-training task (inner key)."""
    models = list(grid)
    tasks = list(dict.fromkeys(task for row in grid.values() for task in row))
    with drawing(8.4, 5.2) as figure:
        panels = figure.subplots(2, 1, sharex=True)
        for axes, (metric, title), name in zip(panels, METRICS, "AB", strict=True):
            for index, model in enumerate(models):
                entries = [_entry(grid[model].get(task), metric) for task in tasks]
                places = _places(len(tasks), index, len(models))
                _bars(axes, places, entries, (color_of(model, index), 1.0), 0.8 / len(models))
            _finish(axes, title, name, tasks)
        handles = [Patch(color=color_of(m, i), label=name_of(m)) for i, m in enumerate(models)]
        figure.legend(handles=handles, loc="outside upper center", ncols=len(models))
        note(figure, footer)
        return save(figure, path)


def figure_4(
    grid: Mapping[str, Mapping[str, Mapping[str, Results]]],
    path: Path,
    *,
    paper_means: Mapping[str, Mapping[str, float]] | None = None,
    footer: str = "",
) -> Path:
    """Modality → backbone → "without" / "with" → results; dashed lines are the paper's means."""
    modalities = list(grid)
    models = list(dict.fromkeys(model for row in grid.values() for model in row))
    with drawing(8.4, 5.6) as figure:
        panels = figure.subplots(2, 1, sharex=True)
        for axes, (metric, title), name in zip(panels, METRICS, "AB", strict=True):
            for index in range(len(models)):
                _pair(axes, grid, models, index, metric)
            if metric.startswith("auc") and paper_means:
                _paper_lines(axes, modalities, paper_means)
            _finish(axes, title, name, modalities)
        figure.legend(handles=_legend_4(models, paper_means), loc="outside upper center", ncols=4)
        note(figure, footer)
        return save(figure, path)


def name_of(model: str) -> str:
    """ConvNeXt for "convnext"; any other name as it is."""
    return FAMILY_NAMES.get(model, model)


def color_of(model: str, index: int) -> str:
    """One colour a family, the same in every figure."""
    return FAMILY_COLORS.get(model, OTHER_COLORS[index % len(OTHER_COLORS)])


def _pair(axes: Axes, grid: Mapping[str, Any], models: Sequence[str], index: int, metric: str) -> None:
    model, width = models[index], 0.8 / len(models)
    for side, shift in (("without", -0.25), ("with", 0.25)):
        entries = [_entry(row.get(model, {}).get(side), metric) for row in grid.values()]
        places = [x + shift * width for x in _places(len(grid), index, len(models))]
        alpha = 0.45 if side == "without" else 1.0
        _bars(axes, places, entries, (color_of(model, index), alpha), width / 2 * 0.92)


def _paper_lines(axes: Axes, modalities: Sequence[str], means: Mapping[str, Mapping[str, float]]) -> None:
    for x, modality in enumerate(modalities):
        for side, style in (("without", ":"), ("with", "--")):
            value = means.get(modality, {}).get(side)
            if value is not None:
                axes.plot([x - 0.42, x + 0.42], [value, value], color=INK, linestyle=style, linewidth=1)
                axes.text(x + 0.43, value, f"{value:.3f}", fontsize=6.5, va="center", color=INK)


def _legend_4(models: Sequence[str], paper_means: Any) -> list[Any]:
    handles: list[Any] = [Patch(color=color_of(m, i), label=name_of(m)) for i, m in enumerate(models)]
    handles.append(Patch(color=QUIET, alpha=0.45, label="from scratch (pale)"))
    handles.append(Patch(color=QUIET, label="pre-trained (full)"))
    if paper_means:
        handles.append(
            Line2D([], [], color=INK, linestyle=":", linewidth=1, label="paper's mean, from scratch")
        )
        handles.append(
            Line2D([], [], color=INK, linestyle="--", linewidth=1, label="paper's mean, pre-trained")
        )
    return handles


def _places(groups: int, index: int, models: int) -> list[float]:
    width = 0.8 / models
    return [group - 0.4 + (index + 0.5) * width for group in range(groups)]


def _entry(results: Results | None, metric: str) -> Mapping[str, Any]:
    return results["metrics"][metric] if results else {"value": None, "low": None, "high": None}


def _bars(
    axes: Axes,
    places: Sequence[float],
    entries: Sequence[Mapping[str, Any]],
    color: tuple[str, float],  # with its opacity
    width: float,
) -> None:
    for x, entry in zip(places, entries, strict=True):
        if entry["value"] is None:
            axes.text(x, 0.02, "not run", rotation=90, ha="center", va="bottom", fontsize=6, color=QUIET)
            continue
        axes.bar(x, entry["value"], width * 0.94, color=color[0], alpha=color[1])
        if entry["low"] is not None:
            axes.vlines(x, entry["low"], entry["high"], colors=INK, linewidth=0.8)


def _finish(axes: Axes, title: str, name: str, groups: Sequence[str]) -> None:
    axes.set(ylim=(0, 1.02), title=title)
    axes.set_xlim(-0.6, len(groups) - 0.35)
    axes.set_yticks([0, 0.25, 0.5, 0.75, 1.0])
    axes.set_xticks(range(len(groups)), list(groups))
    axes.tick_params(axis="x", length=0)
    axes.grid(axis="y", color="#E6E9ED", linewidth=0.6)
    axes.set_axisbelow(True)
    letter(axes, name)
