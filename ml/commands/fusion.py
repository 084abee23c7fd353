"""`python -m ml fusion fit|measure`: a version that joins the answers of two or three modalities."""

import json
from argparse import ArgumentParser, Namespace
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.demo.fusion_measure import MeasuredFusion

HELP = (
    "Fit a version that joins the calibrated answers of two or three modalities to one of the case, from the "
    "out-of-fold answers of their runs; or measure a demo's on phantoms that nobody has used."
)
INTENDED_USE = (
    "Research on ultrasound images of cervical lymph nodes. Not a medical device, not for diagnosis."
)


def add_arguments(parser: ArgumentParser) -> None:
    actions = parser.add_subparsers(title="actions", metavar="ACTION", required=True)
    fit = actions.add_parser("fit", help="from finished fine-tunings and their exported checkpoints")
    fit.add_argument(
        "--part",
        nargs=2,
        type=Path,
        action="append",
        required=True,
        metavar=("FILE", "RUN"),
        help="an exported .safetensors checkpoint and the run it came from; once a modality",
    )
    fit.add_argument("--out", type=Path, required=True, metavar="FILE", help=".safetensors file to write")
    fit.add_argument("--name", metavar="TEXT", help="name of the version (default: the file's)")
    fit.add_argument("--licence", default="not stated", metavar="TEXT", help="licence of the fusion")
    fit.add_argument("--limit", action="append", default=[], metavar="TEXT", help="a known limit; may repeat")
    fit.add_argument("--seed", type=int, default=0, metavar="N", help="of folds and resamples")
    fit.set_defaults(action=_fit)
    measure = actions.add_parser("measure", help="of `ml demo`, on fresh phantoms")
    measure.add_argument("--models", type=Path, required=True, metavar="DIR", help="that `ml demo` wrote")
    measure.add_argument("--per-class", type=int, default=300, metavar="N", help="fresh phantoms a class")
    measure.add_argument("--processes", type=int, default=2, metavar="N", help="that draw phantoms")
    measure.add_argument(
        "--results", type=Path, default=Path("docs/results/fusion.json"), metavar="FILE", help="figures"
    )
    measure.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose table to rewrite")
    measure.set_defaults(action=_measure)


def run(args: Namespace) -> int:
    return int(args.action(args))


def _fit(args: Namespace) -> int:
    from ml.data.samples import DataError
    from ml.fusion.build import Words, build_fusion
    from ml.fusion.figures import fusion_figures
    from ml.fusion.markdown import gain_sentence
    from ml.fusion.runs import cases_of, fingerprint_of, read_part
    from ml.taxonomy import Modality

    if args.out.suffix != ".safetensors":
        raise CommandError(f"--out must end in .safetensors, not '{args.out.name}'.")
    parts = [read_part(*pair) for pair in args.part]
    by_modality = {Modality(part.manifest.modality): part for part in parts}
    if len(by_modality) < max(2, len(parts)):
        raise CommandError("Give two or three --part, each of another modality.")
    cases = cases_of(by_modality)
    words = Words(
        name=args.name or args.out.stem,
        source=f"{len(cases.labels)} patients of the parts' runs, answered by models that had not seen them",
        fingerprint=fingerprint_of(by_modality),
        licence=args.licence,
        intended_use=INTENDED_USE,
        limits=tuple(args.limit),
    )
    manifests = {modality: part.manifest for modality, part in by_modality.items()}
    try:
        written = build_fusion(args.out, cases, manifests, words, args.seed)
    except ValueError as error:
        raise DataError(f"Nothing can be fitted: {error}.") from error
    for gain in fusion_figures(written).gains:
        print(gain_sentence(gain))
    print(f"Written: {args.out} (import it with manage.py model_import)")
    return 0


def _measure(args: Namespace) -> int:
    from ml.atomic import write_text
    from ml.demo.fusion_measure import measure_demo
    from ml.fusion.markdown import conflict_sentence, gains_table
    from ml.trust.page import rewrite_table

    if args.per_class < 1:
        raise CommandError("--per-class must be 1 or more.")
    measured = measure_demo(args.models, args.per_class, args.processes)
    fusion = measured.manifest
    words = (
        f"`{fusion.name}` ({fusion.dataset_fingerprint}) on {3 * args.per_class} phantoms "
        f"that nobody has used ({measured.phantoms}):\n\n{gains_table(measured.gains)}\n\n"
        f"{conflict_sentence(measured.conflict)}"
    )
    print(words)
    write_text(args.results, json.dumps(_record(args, measured), indent=1) + "\n")
    if args.page is not None:
        rewrite_table(args.page, "fusion", words)
    return 0


def _record(args: Namespace, measured: "MeasuredFusion") -> dict[str, object]:
    from ml.train.run import code_commit, environment

    return {
        "date": datetime.now(UTC).isoformat(timespec="seconds"),
        "command": f"python -m ml fusion measure --models DIR --per-class {args.per_class}",
        "synthetic": True,
        "fusion": {"name": measured.manifest.name, "tensor_sha256": measured.manifest.tensor_sha256},
        "phantoms": measured.phantoms,
        "gains": [asdict(gain) for gain in measured.gains],
        "conflict": {**asdict(measured.conflict), "precision": measured.conflict.precision},
        "commit": code_commit(),
        "environment": environment(),
    }
