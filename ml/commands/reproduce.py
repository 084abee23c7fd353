"""`python -m ml reproduce`: the paper's whole grid from one file, ending in one report beside the paper."""

import signal
import sys
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ml.reproduce.config import GridConfig
    from ml.reproduce.plan import Part
    from ml.reproduce.runner import Outcome

HELP = (
    "Run the paper's grid (backbones, modalities, with and without pre-training, folds) from one TOML file; "
    "resumable, any part alone, one part a GPU at a time; ends in one report that sets every number beside "
    "the paper's."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        default=Path("ml/configs/reproduce.toml"),
        help="the grid, in TOML",
    )
    parser.add_argument(
        "--out",
        metavar="DIR",
        type=Path,
        help="folder of the grid; the same folder again resumes (default: runs/ and the name of FILE)",
    )
    parser.add_argument(
        "--only",
        metavar="PATTERN",
        nargs="+",
        default=[],
        help="parts to run, * stands for anything: "
        "'resnet152/*', '*/2d/pretrained', '*/pretrain'; what they need runs too",
    )
    parser.add_argument("--only-folds", metavar="K,K", default="", help="fold numbers from 0 to run now")
    parser.add_argument("--list", action="store_true", help="show the parts and how far each is; run nothing")
    parser.add_argument("--report-only", action="store_true", help="run nothing, write the report")
    parser.add_argument("--no-figures", action="store_true", help="numbers only, no SVG")
    parser.add_argument(
        "--jobs", metavar="N", type=int, help="parts at once (default: the file's, 0 = one a GPU)"
    )
    parser.add_argument("--device", metavar="NAME", help="auto, cpu or cuda (default: the file's)")


def run(args: Namespace) -> int:
    from ml.reproduce.config import read_config
    from ml.reproduce.plan import choose, plan

    out = args.out or Path("runs") / args.config.stem
    config = read_config(args.config)
    parts = plan(config, out)
    if args.list:
        return _list(parts)
    outcome = None if args.report_only else _train(args, config, choose(parts, args.only), out)
    return _report(args, config, parts, out, outcome)


def _list(parts: "list[Part]") -> int:
    from ml.reproduce.plan import status

    for part in parts:
        print(f"{status(part):6} {part.name}")
    return 0


def _train(args: Namespace, config: "GridConfig", parts: "list[Part]", out: Path) -> "Outcome":
    from ml.reproduce.commands import command_of, data_folder
    from ml.reproduce.phantom_data import write_phantom_sets
    from ml.reproduce.plan import drop_weights
    from ml.reproduce.runner import run_parts, slots_of

    if config.phantoms is not None:
        print("Making SYNTHETIC phantom sets …", flush=True)
        write_phantom_sets(data_folder(out), config.phantoms)
    jobs = config.machine.jobs if args.jobs is None else args.jobs
    slots = slots_of(args.device or config.machine.device, jobs)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    return run_parts(
        parts,
        lambda part, slot: command_of(part, config, out, folds=args.only_folds, device=slot.device),
        slots,
        out / "logs",
        say=lambda line: print(line, flush=True),
        after=lambda part: drop_weights(part, config),
    )


def _report(
    args: Namespace, config: "GridConfig", parts: "list[Part]", out: Path, outcome: "Outcome | None"
) -> int:
    from ml.reproduce.collect import collect
    from ml.reproduce.report import build_report, write_figures, write_report

    found = collect(parts, resamples=config.grid.resamples)
    report = build_report(found, config, len(parts))
    paths = write_report(report, found, out / "report")
    if not args.no_figures:
        paths += write_figures(found, config, out / "report", _images(config, out))
    print("\n".join(report["notes"]))
    for row in report["claims"]:
        print(f"{row['claim']}: {row['verdict']}")
    print(f"Report: {paths[1]} ({report['parts']['with_predictions']} of {len(parts)} parts)")
    for name, line in (outcome.failed if outcome else {}).items():
        print(f"FAILED {name}: {line}", file=sys.stderr)
    return 1 if outcome is not None and (outcome.failed or outcome.skipped) else 0


def _images(config: "GridConfig", out: Path) -> dict[str, Path]:
    """Image id -> file of the target set, for Figure 7."""
    from ml.data.readers import read
    from ml.data.samples import DataError
    from ml.reproduce.commands import target_of

    try:
        samples = read(config.data.reader, Path(target_of(config, out)))
    except DataError:
        return {}  # the report is made of the runs; the images may lie elsewhere
    return {sample.image_id: sample.path for sample in samples.samples}
