"""The one report of a grid: every number beside the paper's, the gap, and what differs."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from ml import paper
from ml.atomic import write_text
from ml.evaluate import markdown
from ml.evaluate.report import LEAKING, SYNTHETIC
from ml.evaluate.table_s1 import table_s1_csv, table_s1_markdown
from ml.reproduce.collect import Findings
from ml.reproduce.comparison import AUC, claims, paper_rows
from ml.reproduce.config import GridConfig
from ml.reproduce.differences import differences
from ml.taxonomy import RESEARCH_USE_NOTE

VARIANT_WORDS = {"scratch": "without", "pretrained": "with"}


def build_report(found: Findings, config: GridConfig, parts: int) -> dict[str, Any]:
    """Every number of the grid, ready for JSON."""
    return {
        "format": 1,
        "paper": paper.CITATION,
        "notes": notes_of(found, config),
        "parts": {"planned": parts, "with_predictions": len(found.runs) + len(found.pretraining)},
        "paper_numbers": paper_rows(found, config.grid),
        "claims": claims(found, config.grid),
        "differences": differences(found, config),
        "runs": {"/".join(key): _short(results) for key, results in found.results.items()},
        "pretraining": {b: {t: _short(r) for t, r in tasks.items()} for b, tasks in found.tasks.items()},
        "grid": vars(config.grid),
    }


def notes_of(found: Findings, config: GridConfig) -> list[str]:
    """The lines that stand above everything else."""
    notes = [RESEARCH_USE_NOTE]
    if config.synthetic or any(run.synthetic for run in found.runs.values()):
        notes.append(SYNTHETIC)
    if config.grid.protocol == "paper":
        notes.append(LEAKING)
    below = [
        "/".join(key) for key, results in found.results.items() if results["verdict"]["code"] == "chance"
    ]
    if below:
        notes.append(f"No better than chance: {len(below)} of {len(found.results)} fine-tunings.")
    return notes


def write_report(report: dict[str, Any], found: Findings, folder: Path) -> list[Path]:
    """report.json, report.md and Table S1."""
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False)
    paths = [
        write_text(folder / "report.json", text + "\n"),
        write_text(folder / "report.md", markdown_report(report, found)),
    ]
    if found.tasks:
        paths.append(write_text(folder / "table-s1.csv", table_s1_csv(_named(found))))
    return paths


def markdown_report(report: Mapping[str, Any], found: Findings) -> str:
    """The report for a reader, the comparison first."""
    parts = report["parts"]
    sections = [
        "# The paper's grid, reproduced",
        "\n".join(f"> {line}" for line in report["notes"]),
        f"{parts['with_predictions']} of {parts['planned']} parts have predictions.",
        f"Paper: {report['paper']}.",
        "## The paper's claims",
        claims_table(report["claims"]),
        "## Every number the paper prints",
        "AUC is one-vs-one here, as the authors' code computes it, over all out-of-fold predictions; "
        "intervals are 95 % bootstraps of the patients. One-vs-rest and the mean over folds stand below.",
        numbers_table(report["paper_numbers"]),
        "## What differs from the paper",
        *[_list(name, lines) for name, lines in report["differences"].items() if lines],
        "## Fine-tuning, with and without pre-training (Figure 4)",
        runs_table(found),
    ]
    if found.tasks:
        sections += ["## Pre-training (Figure 3, Table S1)", table_s1_markdown(_named(found))]
    return "\n\n".join(sections) + "\n"


def claims_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """Claim, the paper's gain, ours with interval, p, verdict."""
    lines = [
        [
            row["claim"],
            markdown.signed(row.get("paper")),
            markdown.signed_interval(row["ours"]),
            markdown.p_text(row["p_value"]),
            row["verdict"] + (f" ({row['detail']})" if row.get("detail") else ""),
        ]
        for row in rows
    ]
    return markdown.table(["Claim", "Paper", "Ours (95 %)", "p", "Verdict"], lines)


def numbers_table(rows: Sequence[Mapping[str, Any]]) -> str:
    """One row a printed number."""
    lines = []
    for row in rows:
        inside = {True: "yes", False: "no", None: markdown.DASH}[row["paper_inside_interval"]]
        what = row["what"] + (f" ({row['note']})" if row["note"] and row["ours"]["value"] is not None else "")
        ours = "not run" if row["ours"]["value"] is None else markdown.with_interval(row["ours"])
        printed = markdown.number(row["paper"])
        lines.append([what, row["where"], printed, ours, markdown.signed(row["gap"]), inside])
    header = ["Number", "Where", "Paper", "Ours (95 %)", "Gap", "Paper's in our interval"]
    return markdown.table(header, lines)


def runs_table(found: Findings) -> str:
    """Every fine-tuning: pooled metrics with intervals, mean over folds, best epochs."""
    keys = (AUC, "auc_ovr", "accuracy", "f1", "mcc", "ece")
    rows = []
    for (backbone, modality, variant), results in found.results.items():
        metrics = [markdown.with_interval(results["metrics"][key]) for key in keys]
        mean = results["fold_mean"][AUC]
        fold = f"{markdown.number(mean['mean'])} ± {markdown.number(mean['sd'])}"
        done = str(len(results["folds"]))
        rows.append([f"{backbone}, {modality}", VARIANT_WORDS[variant], done, *metrics, fold])
    names = [markdown.METRIC_NAMES[key] for key in keys]
    return markdown.table(["Model", "Pre-training", "Folds", *names, "AUC, one-vs-one, folds"], rows)


def write_figures(
    found: Findings, config: GridConfig, folder: Path, images: Mapping[str, Path]
) -> list[Path]:
    """Figures 3, 4, 5, 7, S1, S2 and reliability, as far as the runs go; matplotlib loads here."""
    from ml.figures import classification, grid  # noqa: PLC0415

    footer = "  ".join(notes_of(found, config))
    paths = []
    if found.tasks:
        tasks = _named(found)
        paths.append(grid.figure_3(_by_family(tasks), folder / "figure-3.svg", footer))
        paths.append(classification.figure_s1(tasks, folder / "figure-s1.svg", footer))
        paths.append(classification.figure_s2(tasks, folder / "figure-s2.svg", footer))
    if found.results:
        means = _paper_means()
        paths.append(
            grid.figure_4(_figure_4_grid(found), folder / "figure-4.svg", paper_means=means, footer=footer)
        )
    chosen = _chosen(found, config)
    if chosen is not None:
        name, results = ", ".join(chosen), found.results[chosen]
        paths.append(classification.figure_5(results, folder / "figure-5.svg", title=name, footer=footer))
        paths.append(
            classification.reliability_figure(results, folder / "reliability.svg", title=name, footer=footer)
        )
        paths += _figure_7(found, chosen, folder, images, footer)
    return paths


def _figure_7(
    found: Findings, chosen: tuple[str, str, str], folder: Path, images: Mapping[str, Path], footer: str
) -> list[Path]:
    from ml.figures.gradcam import figure_7  # noqa: PLC0415
    from ml.reproduce.gradcam import examples_of  # noqa: PLC0415

    examples = examples_of(found.runs[chosen], dict(images))
    return [figure_7(examples, folder / "figure-7.svg", footer)] if examples else []


def _chosen(found: Findings, config: GridConfig) -> tuple[str, str, str] | None:
    """The model of Figures 5 and 7; without pre-training where nothing else was run."""
    grid = config.grid
    keys = [(grid.chosen_backbone, grid.chosen_modality, variant) for variant in ("pretrained", "scratch")]
    return next((key for key in keys if key in found.results), None)


def _named(found: Findings) -> dict[str, dict[str, dict[str, Any]]]:
    """Results by backbone and by the paper's task names."""
    return {
        backbone: {f"{paper.TASK_NAMES.get(task, task)} ({task.upper()})": r for task, r in tasks.items()}
        for backbone, tasks in found.tasks.items()
    }


def _by_family(tasks: Mapping[str, Any]) -> dict[str, Any]:
    return {paper.family_of(backbone) or backbone: results for backbone, results in tasks.items()}


def _figure_4_grid(found: Findings) -> dict[str, dict[str, dict[str, Any]]]:
    grid: dict[str, dict[str, dict[str, Any]]] = {}
    for (backbone, modality, variant), results in found.results.items():
        model = paper.family_of(backbone) or backbone
        grid.setdefault(modality, {}).setdefault(model, {})[VARIANT_WORDS[variant]] = results
    return grid


def _paper_means() -> dict[str, dict[str, float]]:
    return {
        modality: {"with": number.value, "without": paper.MEAN_AUC_WITHOUT[modality].value}
        for modality, number in paper.MEAN_AUC_WITH.items()
    }


def _short(results: Mapping[str, Any]) -> dict[str, Any]:
    """Results without the curves, which only the figures need."""
    return {name: value for name, value in results.items() if name not in ("roc", "reliability")}


def _list(name: str, lines: Sequence[str]) -> str:
    return f"**{name[0].upper()}{name[1:]}**\n\n" + "\n".join(f"- {line}" for line in lines)
