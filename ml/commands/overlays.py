"""`python -m ml overlays`: how well burned-in text is found, and whether the meter of its weight works."""

import json
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from ml.commands import CommandError

HELP = (
    "Measure on phantoms how well burned-in text is found and masked (measure), or whether models that read "
    "a planted text are told from models that don't (shortcut: trains both, minutes)."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("measure", "shortcut"))
    parser.add_argument(
        "--per-class", type=int, default=8, metavar="N", help="cases a class that are measured on"
    )
    parser.add_argument("--seeds", type=int, default=3, metavar="N", help="pairs of models of `shortcut`")
    parser.add_argument(
        "--results", type=Path, default=Path("docs/results"), metavar="DIR", help="where figures are written"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose table to rewrite")


def run(args: Namespace) -> int:
    if args.per_class < 1 or args.seeds < 1:
        raise CommandError("--per-class and --seeds must be 1 or more.")
    return _measure(args) if args.what == "measure" else _shortcut(args)


def _measure(args: Namespace) -> int:
    from ml.overlays.measure import measured, table

    results = []
    for one in measured(args.per_class):
        results.append(one)
        print(f"{one.size}: {one.images} images in {sum(one.seconds):.0f} s", flush=True)
    words = f"Text in unseen phantoms, each size with cases of its own:\n\n{table(results)}"
    _keep(args, "overlays", words, [one.as_json() for one in results])
    return 0


def _shortcut(args: Namespace) -> int:
    from ml.overlays.reliance import RELIES_FROM
    from ml.overlays.shortcut import fitted_threshold, flagged_share, meter_auc, table, trials

    found = list(trials(args.seeds, args.per_class, say=lambda words: print(words, flush=True)))
    auc, threshold = meter_auc(found), fitted_threshold(found)
    shares = [flagged_share(found, planted, threshold) for planted in (True, False)]
    caught, false = (f"{flagged} of {images} ({flagged / images:.1%})" for flagged, images in shares)
    words = (
        "ResNet18 on phantoms that carry a ward's name, measured on unseen ones whose ward and node say the "
        f"same; flagged from {threshold:.2f} on. The meter tells images of both kinds of models apart with "
        f"an AUC of {auc:.3f}; it flags {caught} of the images with models that read the text, {false} with "
        f"the others.\n\n{table(found, threshold)}"
    )
    figures = {"meter_auc": auc, "threshold": threshold, "models": [one.as_json() for one in found]}
    _keep(args, "text-reliance", words, figures)
    if threshold != RELIES_FROM:
        print(f"RELIES_FROM in ml/overlays/reliance.py is {RELIES_FROM:.2f}; this run fits {threshold:.2f}.")
    return 0


def _keep(args: Namespace, name: str, words: str, figures: Any) -> None:
    """Figures to a file, words to the page where one is named."""
    from ml.atomic import write_text
    from ml.train.run import code_commit, environment
    from ml.trust.page import rewrite_table

    print(words)
    record = {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m ml overlays {args.what} --per-class {args.per_class} --seeds {args.seeds}",
        "figures": figures,
        "commit": code_commit(),
        "environment": environment(),
    }
    write_text(args.results / f"{name}.json", json.dumps(record, indent=1) + "\n")
    if args.page is not None:
        rewrite_table(args.page, name, words)
