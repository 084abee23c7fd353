"""The cohort report: JSON, Markdown and Figure 2, each number beside what the paper says about it."""

import json
from pathlib import Path
from typing import Any

from ml import paper
from ml.atomic import write_text
from ml.cohort.comparisons import ALPHA, Comparison, Test
from ml.cohort.table import COLUMNS, Cohort
from ml.evaluate.markdown import DASH, number, p_text, table
from ml.taxonomy import RESEARCH_USE_NOTE

SYNTHETIC = "SYNTHETIC: this table was made by a computer; it says nothing about patients."


def cohort_report(cohort: Cohort, comparisons: list[Comparison]) -> dict[str, Any]:
    """Every number, ready for JSON."""
    return {
        "format": 1,
        "notes": notes_of(cohort),
        "patients": len(cohort),
        "class_counts": cohort.class_counts(),
        "paper_class_counts": paper.PATIENTS,
        "ignored_columns": list(cohort.ignored),
        "absent_columns": list(cohort.absent),
        "features": {
            found.column: {
                "known": found.counts,
                "summary": found.summary,
                "overall": found.overall.to_json(),
                "pairs": {name: test.to_json() for name, test in found.pairs.items()},
                "paper": paper_says(found.column),
                "agrees_with_paper": agrees(found),
            }
            for found in comparisons
        },
        "paper_numbers": _paper_numbers(comparisons),
    }


def notes_of(cohort: Cohort) -> list[str]:
    notes = [RESEARCH_USE_NOTE] + ([SYNTHETIC] if cohort.synthetic else [])
    notes.append(
        "p-values of the first table are corrected by Holm over all features, those between two classes over "
        "the pairs of a feature. The paper reports uncorrected values. Hedges' g and r are positive where "
        "the first class has the larger values."
    )
    if cohort.absent:
        notes.append(f"Not in the table, so not tested: {', '.join(cohort.absent)}.")
    if cohort.ignored:
        notes.append(f"Columns that are not known here and were left out: {', '.join(cohort.ignored)}.")
    return notes


def paper_says(column: str) -> str:
    """The paper's verdict on a feature, in its own terms."""
    if column in paper.NOT_SIGNIFICANT:
        return "no difference (§3.1)"
    if column in paper.SIGNIFICANT:
        return "differs, p < 0.01 (§3.1)"
    if column in paper.SIGNIFICANT_IN_ABSTRACT:
        return "differs, p < 0.05 (abstract)"
    return "not stated"


def agrees(found: Comparison) -> bool | None:
    """Whether our uncorrected test falls on the paper's side of 0.05; None where one of the two is silent."""
    said = paper_says(found.column)
    if found.overall.p_value is None or said == "not stated":
        return None
    return (found.overall.p_value < ALPHA) == said.startswith("differs")


def markdown_report(report: dict[str, Any], title: str) -> str:
    """Counts, one row a feature, pairs, and the paper's printed numbers."""
    counts = [
        [name, str(count), str(report["paper_class_counts"][name])]
        for name, count in report["class_counts"].items()
    ]
    parts = [
        f"# Cohort: {title}",
        "\n".join(f"> {line}" for line in report["notes"]),
        f"{report['patients']} patients.",
        table(["Class", "Here", "Paper (§3.1)"], counts),
        "## Features",
        table(_HEADER, [_row(name, entry) for name, entry in report["features"].items()]),
        "## Between two classes",
        table(["Feature, classes", "Test", "p", "p (Holm)", "Effect"], _pair_rows(report)),
        "## Values",
        table(
            ["Feature", *report["class_counts"]],
            [_values(n, e, report) for n, e in report["features"].items()],
        ),
        "## The paper's numbers",
        table(["What", "Paper", "Here", "Gap"], [_paper_row(row) for row in report["paper_numbers"]]),
        "Slip in the paper: " + next(slip for slip in paper.SLIPS if "axis ratio" in slip),
    ]
    return "\n\n".join(parts) + "\n"


def write_report(report: dict[str, Any], folder: Path, title: str) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(report, indent=1, ensure_ascii=False, allow_nan=False)
    return [
        write_text(folder / "cohort.json", text + "\n"),
        write_text(folder / "cohort.md", markdown_report(report, title)),
    ]


_HEADER = ("Feature", "Known", "Test", "p", "p (Holm)", "Effect", "Paper", "Agrees")


def _row(name: str, entry: dict[str, Any]) -> list[str]:
    overall, agrees_ = entry["overall"], entry["agrees_with_paper"]
    return [
        COLUMNS[name].title,
        str(sum(entry["known"].values())),
        f"{overall['name']} ({overall['reason']})",
        p_text(overall["p_value"]),
        p_text(overall["p_holm"]),
        _effect(overall),
        entry["paper"],
        DASH if agrees_ is None else ("yes" if agrees_ else "**no**"),
    ]


def _pair_rows(report: dict[str, Any]) -> list[list[str]]:
    return [
        [
            f"{COLUMNS[name].title}, {pair}",
            test["name"],
            p_text(test["p_value"]),
            p_text(test["p_holm"]),
            _effect(test),
        ]
        for name, entry in report["features"].items()
        for pair, test in entry["pairs"].items()
    ]


def _effect(test: dict[str, Any] | Test) -> str:
    entry = test if isinstance(test, dict) else test.to_json()
    return DASH if entry["effect"] is None else f"{entry['effect_name']} {entry['effect']:.2f}"


def _values(name: str, entry: dict[str, Any], report: dict[str, Any]) -> list[str]:
    cells = []
    for class_name in report["class_counts"]:
        found = entry["summary"].get(class_name)
        if found is None:
            cells.append(DASH)
        elif COLUMNS[name].numeric:
            middle = f"{found['median']:.1f} ({found['q1']:.1f}–{found['q3']:.1f})"
            cells.append(f"{middle}; {found['mean']:.1f} ± {number(found['sd'], 1)}")
        else:
            total = max(1, sum(found.values()))
            cells.append(", ".join(f"{c} {n} ({n / total:.0%})" for c, n in found.items()))
    unit = f" [{COLUMNS[name].unit}]" if COLUMNS[name].unit else ""
    return [f"{COLUMNS[name].title}{unit}", *cells]


def _paper_numbers(comparisons: list[Comparison]) -> list[dict[str, Any]]:
    found = {c.column: c.summary for c in comparisons}
    rows = []
    for name, printed in paper.LONG_SHORT_RATIO.items():
        ours = found.get("axis_ratio", {}).get(name, {}).get("mean")
        rows.append(
            {
                "what": f"mean long/short ratio, {name}",
                "where": printed.where,
                "paper": printed.value,
                "here": ours,
            }
        )
    flow = found.get("flow", {}).get("metastatic")
    share = flow.get("mixed", 0) / max(1, sum(flow.values())) if flow else None
    printed = paper.MIXED_FLOW_METASTATIC
    rows.append(
        {"what": "mixed flow, metastatic", "where": printed.where, "paper": printed.value, "here": share}
    )
    return rows


def _paper_row(row: dict[str, Any]) -> list[str]:
    gap = None if row["here"] is None else row["here"] - row["paper"]
    return [
        f"{row['what']} ({row['where']})",
        number(row["paper"], 2),
        number(row["here"], 2),
        DASH if gap is None else f"{gap:+.2f}",
    ]
