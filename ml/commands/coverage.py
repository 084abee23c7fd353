"""`python -m ml coverage`: whether a demo checkpoint's sets of classes cover what they promise."""

import json
from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.checkpoint import LoadedModel
    from ml.phantoms.many import PhantomSeeds
    from ml.trust.coverage import Coverage
    from ml.trust.fit import Answers
    from ml.trust.record import Calibration

HELP = (
    "Measure a phantom-trained checkpoint's calibration and sets of classes on draws of phantoms that nobody "
    "has used, also when calibrated on the paper's numbers of cases."
)
FOR_TEMPERATURE = 60  # phantoms a class, of the calibration with the paper's numbers


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--checkpoint", type=Path, required=True, metavar="FILE", help="calibrated, of `ml demo`"
    )
    parser.add_argument("--draws", type=int, default=20, metavar="N", help="fresh draws of phantoms")
    parser.add_argument("--per-class", type=int, default=300, metavar="N", help="phantoms a class in a draw")
    parser.add_argument("--level", type=float, default=0.9, metavar="SHARE", help="0.80 to 0.99")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="that draw phantoms")
    parser.add_argument(
        "--results", type=Path, default=Path("docs/results/coverage.json"), metavar="FILE", help="figures"
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose table to rewrite")


def run(args: Namespace) -> int:
    from ml.atomic import write_text
    from ml.checkpoint import load_checkpoint
    from ml.trust.coverage import table
    from ml.trust.p_values import LEVELS
    from ml.trust.page import rewrite_table

    if args.draws < 1 or args.per_class < 1 or not LEVELS[0] <= args.level <= LEVELS[1]:
        raise CommandError(f"--draws and --per-class must be 1 or more, --level within {LEVELS}.")
    loaded = load_checkpoint(args.checkpoint)
    own = loaded.trust.calibration
    if own is None or not loaded.manifest.synthetic:
        raise CommandError(f"{args.checkpoint} is not a calibrated checkpoint of `python -m ml demo`.")
    found = _measured(args, loaded, own)
    words = f"{_caption(args, loaded, found[0][1])}\n\n{table(found)}"
    print(words)
    write_text(args.results, json.dumps(_record(args, loaded, found), indent=1) + "\n")
    if args.page is not None:
        rewrite_table(args.page, "coverage", words)
    return 0


def _measured(args: Namespace, loaded: "LoadedModel", own: "Calibration") -> list[tuple[str, "Coverage"]]:
    import numpy as np

    from ml.demo.phantom_seeds import coverage_seeds
    from ml.trust.coverage import PAPER_COUNTS, first_of_each, measure_coverage
    from ml.trust.fit import fit_calibration

    size = FOR_TEMPERATURE + max(PAPER_COUNTS)
    extra = _answers(loaded, coverage_seeds(0, size), args.processes)
    paper = fit_calibration(
        extra.take(np.arange(FOR_TEMPERATURE * 3)),
        first_of_each(extra.take(np.arange(FOR_TEMPERATURE * 3, size * 3)), PAPER_COUNTS),
        source="the paper's numbers of cases",
        synthetic=True,
    )
    draws = []
    for number in range(1, args.draws + 1):
        draws.append(_answers(loaded, coverage_seeds(number, args.per_class), args.processes))
        print(f"draw {number} of {args.draws}", flush=True)
    return [
        ("as the file has it", measure_coverage(draws, own, args.level)),
        ("the paper's numbers", measure_coverage(draws, paper, args.level)),
    ]


def _answers(loaded: "LoadedModel", seeds: "PhantomSeeds", processes: int) -> "Answers":
    """Logits of phantoms, by the trained blocks alone: the others hand on their input unchanged."""
    from ml.demo.network import without_idle_blocks
    from ml.demo.trust import answers_and_vectors
    from ml.fast.images import fresh_phantoms
    from ml.trust.fit import Answers

    manifest = loaded.manifest
    images = fresh_phantoms(
        manifest.image_modality,
        manifest.input_size,
        seeds=seeds,
        size=tuple(manifest.config["phantom_size"]),
        processes=processes,
    )
    logits, _ = answers_and_vectors(without_idle_blocks(loaded.model), images.pixels)
    return Answers(logits, images.labels)


def _caption(args: Namespace, loaded: "LoadedModel", coverage: "Coverage") -> str:
    manifest = loaded.manifest
    return (
        f"`{manifest.name}` ({manifest.architecture} at {manifest.input_size} px): "
        f"{args.draws} draws of {args.per_class} phantoms a class "
        f"({coverage.images:,} in all), sets at {args.level:.0%}, temperature {coverage.temperature:.2f}."
    )


def _record(args: Namespace, loaded: "LoadedModel", found: list[tuple[str, "Coverage"]]) -> dict[str, object]:
    from ml.train.run import code_commit, environment

    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m ml coverage --draws {args.draws} --per-class {args.per_class} "
        f"--level {args.level}",
        "checkpoint": {
            "name": loaded.manifest.name,
            "architecture": loaded.manifest.architecture,
            "input_size": loaded.manifest.input_size,
            "tensor_sha256": loaded.manifest.tensor_sha256,
        },
        "calibrations": {name: one.as_json() for name, one in found},
        "commit": code_commit(),
        "environment": environment(),
    }
