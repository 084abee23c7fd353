"""Fills the generated part of docs/reproduction.md from the predictions under docs/results/real.

Run after new folds: .venv/bin/python scripts/real_report.py  (tables and SVG figures, about a minute)
"""

import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from ml import paper  # noqa: E402  the project is found first
from ml.atomic import write_text  # noqa: E402
from ml.evaluate import markdown  # noqa: E402
from ml.evaluate.compare import comparison_of  # noqa: E402
from ml.evaluate.results import results_of  # noqa: E402
from ml.evaluate.run import Run, RunError, read_run  # noqa: E402
from ml.evaluate.table_s1 import table_s1_markdown  # noqa: E402
from ml.figures.classification import figure_5, figure_s1, figure_s2, reliability_figure  # noqa: E402

BEGIN, END = "<!-- real-data: begin -->", "<!-- real-data: end -->"
SET = "busi"


def main(results: Path, page: Path) -> int:
    """Rewrites the block of the page; says what it found."""
    text = page.read_text(encoding="utf-8")
    if BEGIN not in text or END not in text:
        print(f"{page} lacks the marks {BEGIN} and {END}.", file=sys.stderr)
        return 2
    block = block_of(results, page.parent / "figures" / "real")
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    write_text(page, f"{head}{BEGIN}\n\n{block}\n\n{END}{tail}")
    print(f"{page}: {len(block.splitlines())} lines from {results}")
    return 0


def block_of(results: Path, figures: Path) -> str:
    """Every finished comparison and pre-training, the comparison first."""
    runs = {run.name: run for run in read_all(results)}
    sections = []
    for name in sorted(runs):
        if name.startswith(f"{SET}-") and name.endswith("-with"):
            sections.append(comparison_section(runs, name.removesuffix("-with"), figures))
    pretraining = {name: run for name, run in runs.items() if run.tasks}
    if pretraining:
        sections.append(pretraining_section(pretraining, figures))
    return "\n\n".join(sections) or "No fold has finished yet."


def read_all(results: Path) -> list[Run]:
    """The runs that have predictions."""
    found = []
    for folder in sorted(path for path in results.iterdir() if path.is_dir()) if results.is_dir() else []:
        try:
            found.append(read_run(folder))
        except RunError as error:
            print(f"left out: {error}", file=sys.stderr)
    return found


def comparison_section(runs: dict[str, Run], stem: str, figures: Path) -> str:
    """With against without pre-training on one backbone."""
    after, before = runs.get(f"{stem}-with"), runs.get(f"{stem}-without")
    title = f"### {stem.removeprefix(f'{SET}-')} on {SET.upper()}"
    if after is None or before is None or after.predictions is None or before.predictions is None:
        return f"{title}\n\nOnly one of the two arms has finished a fold."
    compared = comparison_of(before.predictions, after.predictions)
    results = results_of(after.predictions)
    footer = f"{results['images']} images, {SET.upper()}, out of fold. Research use only."
    figure_5(results, figures / f"{stem}-with.svg", title=f"{stem}, pre-trained", footer=footer)
    reliability_figure(
        results, figures / f"{stem}-reliability.svg", title=f"{stem}, pre-trained", footer=footer
    )
    return "\n\n".join(
        [
            title,
            settings_line(before, after),
            f"**{claim_sentence(compared)}**",
            markdown.comparison_table(compared),
            "First: from random weights. Second: from the pre-trained backbone. Intervals draw "
            f"{results['unit']}s; p from the same draws. {mcnemar_sentence(compared)}",
            markdown.fold_table(results),
            f"![Confusion matrix and ROC, pre-trained](figures/real/{stem}-with.svg)",
            f"![Reliability, pre-trained](figures/real/{stem}-reliability.svg)",
        ]
    )


def claim_sentence(compared: dict[str, Any]) -> str:
    """Whether pre-training on other organs helped, in one sentence."""
    gap = compared["differences"]["auc_ovr"]
    number = markdown.signed_interval(gap)
    words = {
        "second_better": f"The paper's central claim held here: pre-training changed the AUC by {number}.",
        "first_better": f"The opposite of the paper's claim: pre-training changed the AUC by {number}.",
        "no_difference": f"Not shown: pre-training changed the AUC by {number}, and the interval holds 0.",
        "undefined": "The AUC does not exist yet: a class has no scored images.",
    }
    return words[compared["verdict"]["code"]]


def mcnemar_sentence(compared: dict[str, Any]) -> str:
    """Who is right where the two arms disagree."""
    entry = compared["mcnemar"]
    return (
        f"Only the first is right on {entry['only_first_right']} images, only the second on "
        f"{entry['only_second_right']} (exact McNemar p {markdown.p_text(entry['p_value'])})."
    )


def settings_line(before: Run, after: Run) -> str:
    """What was run, from run.json; steps of both arms side by side."""
    info, config = after.info, after.info["config"]
    steps = [sum(d["steps"] for d in run.info.get("fold_details", {}).values()) for run in (before, after)]
    hours = sum(run.info.get("wall_s", 0.0) for run in (before, after)) / 3600
    folds = len(info.get("best_epoch", {}))
    return (
        f"{config['architecture']}, {config['input_size']} px, {config['epochs']} epochs, {folds} of "
        f"{info['folds']} folds, grouped by {info['grouped_by']}, seed {info['seed']}; {steps[0]} steps "
        f"without and {steps[1]} with pre-training; {hours:.1f} h on {info['device']['device']}, "
        f"{info['device']['precision']}; commit "
        f"`{info['commit'][:12]}`."
    )


def pretraining_section(runs: dict[str, Run], figures: Path) -> str:
    """Validation numbers of each task, as in Table S1 and Figures S1 and S2."""
    grid = {
        name.removeprefix("pretrain-"): {
            f"{paper.TASK_NAMES.get(task, task)} ({task.upper()})": results_of(predictions)
            for task, predictions in run.tasks.items()
        }
        for name, run in runs.items()
    }
    figure_s1(grid, figures / "figure-s1.svg", "Validation fifth of each pre-training set.")
    figure_s2(grid, figures / "figure-s2.svg", "Validation fifth of each pre-training set.")
    epochs = ", ".join(
        f"{name}: best epoch {run.info.get('best_epoch', '?')} of {run.info.get('epochs', '?')}"
        for name, run in runs.items()
    )
    return "\n\n".join(
        [
            "### Pre-training",
            f"Validation fifth of each set, at the best epoch ({epochs}). That fifth also chose the epoch.",
            table_s1_markdown(grid),
            "![Confusion matrices of the pre-training tasks](figures/real/figure-s1.svg)",
            "![ROC curves of the pre-training tasks](figures/real/figure-s2.svg)",
        ]
    )


if __name__ == "__main__":
    sys.exit(main(ROOT / "docs" / "results" / "real", ROOT / "docs" / "reproduction.md"))
