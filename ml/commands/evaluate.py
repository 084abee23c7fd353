"""`python -m ml evaluate`: the numbers of a finished run, with intervals, as JSON, Markdown and figures."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from ml.commands import CommandError

HELP = (
    "Metrics with 95 % patient-bootstrap intervals, confusion matrix, ROC and calibration of a training run; "
    "with --against also the paired comparison with another run on the same images."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("folder", metavar="RUN", type=Path, help="folder that finetune or pretrain wrote")
    parser.add_argument(
        "--against",
        metavar="RUN",
        type=Path,
        help="run to compare with, on the same images (RUN minus this one)",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder for report.json, report.md and SVG (default RUN/report)",
    )
    parser.add_argument(
        "--resamples",
        metavar="N",
        type=int,
        default=2000,
        help="bootstrap draws of the patients (100 or more)",
    )
    parser.add_argument("--seed", metavar="N", type=int, default=0, help="seed of the bootstrap")
    parser.add_argument("--no-figures", action="store_true", help="numbers only, no SVG")


def run(args: Namespace) -> int:
    from ml.evaluate.report import evaluate_run, write_figures, write_report
    from ml.evaluate.run import read_run

    if args.resamples < 100:
        raise CommandError(f"--resamples {args.resamples} is too few for an interval; use 100 or more.")
    out = args.out or args.folder / "report"
    chosen = read_run(args.folder)
    other = read_run(args.against) if args.against else None
    report = evaluate_run(chosen, against=other, resamples=args.resamples, seed=args.seed)
    paths = write_report(report, out, chosen.name)
    if not args.no_figures:
        paths += write_figures(report, out, chosen.name)
    _say(report)
    print("Written: " + ", ".join(str(path) for path in paths))
    return 0


def _say(report: dict[str, Any]) -> None:
    from ml.evaluate.markdown import signed_interval, with_interval

    for line in report["notes"]:
        print(line)
    parts = {"out of fold": report["results"]} if "results" in report else {}
    for name, results in {**parts, **report.get("tasks", {})}.items():
        auc, accuracy = (with_interval(results["metrics"][key]) for key in ("auc_ovr", "accuracy"))
        print(f"{name}: AUC {auc}, accuracy {accuracy}. {results['verdict']['text']}")
    if "comparison" in report:
        gap = signed_interval(report["comparison"]["differences"]["auc_ovr"])
        print(f"AUC difference {gap}. {report['comparison']['verdict']['text']}")
