"""Results as Markdown tables: numbers with intervals, and the sentences that keep them honest."""

from collections.abc import Mapping, Sequence
from typing import Any

METRIC_NAMES = {
    "auc_ovr": "AUC, one-vs-rest",
    "auc_ovo": "AUC, one-vs-one",
    "accuracy": "Accuracy",
    "precision": "Precision (macro)",
    "recall": "Recall (macro)",
    "f1": "F1 (macro)",
    "mcc": "MCC",
    "ece": "ECE (15 bins)",
    "brier": "Brier (0–2)",
}
DASH = "–"


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table; every column but the first is right-aligned."""
    rule = ["---"] + ["---:"] * (len(header) - 1)
    lines = [header, rule, *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def number(value: float | None, digits: int = 3) -> str:
    """A number with that many digits, a dash where there is none."""
    return DASH if value is None else f"{value:.{digits}f}"


def with_interval(entry: Mapping[str, Any], digits: int = 3) -> str:
    """0.912 (0.881–0.940); only the value where there is no interval."""
    if entry["value"] is None or entry["low"] is None:
        return number(entry["value"], digits)
    return f"{entry['value']:.{digits}f} ({entry['low']:.{digits}f}–{entry['high']:.{digits}f})"


def signed(value: float | None, digits: int = 3) -> str:
    """A difference with its sign."""
    return DASH if value is None else f"{value:+.{digits}f}"


def p_text(p_value: float | None) -> str:
    """A p-value as papers print it."""
    if p_value is None:
        return DASH
    return "< 0.001" if p_value < 0.001 else f"{p_value:.3f}"


def results_section(results: Mapping[str, Any]) -> str:
    """One set of predictions: what was scored, headline, per class, confusion, per fold."""
    parts = [
        _scored_line(results),
        f"**{results['verdict']['text']}**",
        metrics_table(results),
        class_table(results),
        confusion_table(results),
    ]
    if len(results["folds"]) > 1:
        parts.append(fold_table(results))
    return "\n\n".join(parts)


def metrics_table(results: Mapping[str, Any]) -> str:
    """Pooled value with interval beside the mean over folds."""
    level = f"{results['bootstrap']['level']:.0%}"
    rows = []
    for key, name in METRIC_NAMES.items():
        fold = results["fold_mean"][key]
        spread = f"{number(fold['mean'])} ± {number(fold['sd'])}" if len(results["folds"]) > 1 else DASH
        rows.append([name, with_interval(results["metrics"][key]), spread])
    unit = results["unit"]
    return table(["Metric", f"All images ({level} {unit} bootstrap)", "Mean of folds ± SD"], rows)


def class_table(results: Mapping[str, Any]) -> str:
    """Per class: images, area, precision, recall, F1, with intervals."""
    rows = [
        [
            name,
            str(row["support"]),
            *(with_interval(row[key]) for key in ("auc", "precision", "recall", "f1")),
        ]
        for name, row in results["per_class"].items()
    ]
    return table(["Class", "Images", "AUC", "Precision", "Recall", "F1"], rows)


def confusion_table(results: Mapping[str, Any]) -> str:
    """Rows are the truth, columns the answer."""
    names = results["classes"]
    rows = [[name, *map(str, line)] for name, line in zip(names, results["confusion"], strict=True)]
    return table(["true \\ predicted", *names], rows)


def fold_table(results: Mapping[str, Any]) -> str:
    """The headline metrics of each fold."""
    keys = ("auc_ovr", "auc_ovo", "accuracy", "f1", "mcc", "ece")
    rows = [
        [str(row["fold"]), str(row["images"]), *(number(row["metrics"][key]) for key in keys)]
        for row in results["folds"]
    ]
    return table(["Fold", "Images", *(METRIC_NAMES[key] for key in keys)], rows)


def comparison_table(comparison: Mapping[str, Any]) -> str:
    """Second minus first on the same images."""
    rows = []
    for key, name in METRIC_NAMES.items():
        values = [number(comparison["values"][side][key]) for side in ("first", "second")]
        entry = comparison["differences"][key]
        rows.append([name, *values, signed_interval(entry), p_text(entry["p_value"])])
    return table(["Metric", "First", "Second", "Second − first (95 %)", "p"], rows)


def signed_interval(entry: Mapping[str, Any], digits: int = 3) -> str:
    """+0.031 (+0.004 to +0.060)."""
    if entry["low"] is None:
        return signed(entry["value"], digits)
    low, high = signed(entry["low"], digits), signed(entry["high"], digits)
    return f"{signed(entry['value'], digits)} ({low} to {high})"


def run_table(info: Mapping[str, Any]) -> str:
    """What the run was: one row a fact of run.json that fits a line."""
    rows = [[key, _plain(value)] for key, value in info.items() if _fits(value)]
    return table(["Run", "Value"], rows)


def _fits(value: Any) -> bool:
    if isinstance(value, list):
        return len(value) <= 12 and all(isinstance(item, str | int | float | bool) for item in value)
    return value is None or isinstance(value, str | int | float | bool)


def _plain(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, float):
        return f"{value:g}"
    return DASH if value is None else str(value).replace("|", "\\|")


def _scored_line(results: Mapping[str, Any]) -> str:
    counts = ", ".join(f"{count} {name}" for name, count in results["class_counts"].items())
    units = "" if results["unit"] == "image" else f" of {results['units']} {results['unit']}s"
    line = f"{results['images']} images{units} ({counts})."
    if results["unit"] != "patient":
        line += f" Patients are not all known: intervals draw {results['unit']}s and may be too narrow."
    leaks = results["leak"]["patients_in_two_folds"]
    if leaks:
        line += f" **LEAKING: {leaks} patients stand in two folds, so the numbers are too good.**"
    return line
