"""The report of one run: JSON, Markdown and figures in one folder."""

import json
from pathlib import Path
from typing import Any

from ml.atomic import write_text
from ml.evaluate import markdown
from ml.evaluate.compare import comparison_of
from ml.evaluate.results import results_of
from ml.evaluate.run import Run, read_leaks
from ml.statistics import RESAMPLES
from ml.taxonomy import RESEARCH_USE_NOTE

FORMAT = 1
LEAKING = (
    "LEAKING PROTOCOL: folds were drawn by image and training stopped on the scored fold, as in the paper's "
    "published code. For comparison only."
)
SYNTHETIC = "SYNTHETIC: trained and scored on computer-made phantoms, not on patients' images."


def evaluate_run(
    run: Run, *, against: Run | None = None, resamples: int = RESAMPLES, seed: int = 0
) -> dict[str, Any]:
    """Every number of the run, ready for JSON."""
    report: dict[str, Any] = {"format": FORMAT, "run": run.info, "notes": notes_of(run)}
    if run.predictions is not None:
        report["results"] = results_of(run.predictions, resamples=resamples, seed=seed)
    if run.tasks:
        report["tasks"] = {
            name: results_of(task, resamples=resamples, seed=seed) for name, task in run.tasks.items()
        }
    if against is not None and run.predictions is not None and against.predictions is not None:
        compared = comparison_of(against.predictions, run.predictions, resamples=resamples, seed=seed)
        report["comparison"] = {"first": str(against.folder), "second": str(run.folder), **compared}
    return report


def notes_of(run: Run) -> list[str]:
    """The lines that must stand above the numbers."""
    notes = [RESEARCH_USE_NOTE]
    if run.synthetic:
        notes.append(SYNTHETIC)
    if run.info.get("protocol") == "paper":
        notes.append(LEAKING)
    leaks = read_leaks(run.folder)
    if leaks is not None:
        notes.append(leaks)
    if run.info.get("labels_shuffled"):
        notes.append("LABELS SHUFFLED: a control run; an AUC above chance here means that something leaks.")
    return notes


def markdown_report(report: dict[str, Any], title: str) -> str:
    """The same numbers for a reader."""
    parts = [
        f"# {title}",
        "\n".join(f"> {line}" for line in report["notes"]),
        markdown.run_table(report["run"]),
    ]
    if "results" in report:
        parts += ["## Out-of-fold predictions", markdown.results_section(report["results"])]
    for name, results in report.get("tasks", {}).items():
        parts += [f"## Pre-training task {name} (validation part)", markdown.results_section(results)]
    if "comparison" in report:
        parts += ["## Comparison", _comparison_section(report["comparison"])]
    return "\n\n".join(parts) + "\n"


def write_report(report: dict[str, Any], folder: Path, title: str) -> list[Path]:
    """report.json and report.md, each written in one piece."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False)
    return [
        write_text(folder / "report.json", text + "\n"),
        write_text(folder / "report.md", markdown_report(report, title)),
    ]


def write_figures(report: dict[str, Any], folder: Path, title: str) -> list[Path]:
    """Figures 5, S1, S2 and reliability, as far as the run has the numbers; matplotlib loads here."""
    from ml.figures.classification import (  # noqa: PLC0415
        figure_5,
        figure_s1,
        figure_s2,
        reliability_figure,
    )

    footer = "  ".join(report["notes"])
    paths = []
    if "results" in report:
        results = report["results"]
        paths.append(figure_5(results, folder / "figure-5.svg", title=title, footer=footer))
        paths.append(reliability_figure(results, folder / "reliability.svg", title=title, footer=footer))
    if "tasks" in report:
        grid = {title: report["tasks"]}
        paths.append(figure_s1(grid, folder / "figure-s1.svg", footer))
        paths.append(figure_s2(grid, folder / "figure-s2.svg", footer))
    return paths


def _comparison_section(comparison: dict[str, Any]) -> str:
    mcnemar = comparison["mcnemar"]
    parts = [
        f"First: `{comparison['first']}`. Second: `{comparison['second']}`.",
        f"{comparison['images']} shared images ({comparison['only_in_first']} only in the first, "
        f"{comparison['only_in_second']} only in the second).",
        f"**{comparison['verdict']['text']}**",
        markdown.comparison_table(comparison),
        f"Where only one is right: first {mcnemar['only_first_right']:.0f}, second "
        f"{mcnemar['only_second_right']:.0f} images (exact McNemar p {markdown.p_text(mcnemar['p_value'])}).",
    ]
    return "\n\n".join(parts)
