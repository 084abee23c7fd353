"""`python -m ml phantoms`: a folder of synthetic cases in the layout of the published data set."""

import re
from argparse import ArgumentParser, ArgumentTypeError, Namespace
from pathlib import Path

from ml.commands import CommandError
from ml.taxonomy import MODALITIES

HELP = "Write synthetic (never a patient's) ultrasound cases as PNG files with a label table."
SIDES_PX = range(64, 2049)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("--out", required=True, type=Path, metavar="DIR", help="folder to write into")
    parser.add_argument(
        "--cases", type=int, default=30, metavar="N", help="patients, the three classes in turn"
    )
    parser.add_argument(
        "--seed", type=int, default=0, metavar="S", help="first seed; the same seed, the same bytes"
    )
    parser.add_argument(
        "--size", type=_size, default="640x480", metavar="WxH", help="width x height in pixels"
    )
    parser.add_argument(
        "--modality", choices=[*map(str, MODALITIES)], help="this one only; all three without it"
    )
    parser.add_argument("--views", type=int, default=1, metavar="N", help="images of each modality a patient")
    parser.add_argument("--masks", action="store_true", help="write the node masks too, under masks/")
    parser.add_argument(
        "--shortcut",
        type=float,
        metavar="P",
        help="burn in a ward's name that gives the class away with probability P (0 to 1); a planted error",
    )


def run(args: Namespace) -> int:
    from tqdm import tqdm

    from ml.phantoms.files import PhantomSet, write_set

    _check(args)
    wanted = PhantomSet(
        cases=args.cases,
        seed=args.seed,
        size=args.size,
        modalities=[args.modality] if args.modality else MODALITIES,
        views=args.views,
        masks=args.masks,
        shortcut=args.shortcut,
        stamp=True,
    )
    for _ in tqdm(write_set(args.out, wanted), total=args.cases, unit="case", desc="SYNTHETIC cases"):
        pass
    print(f"{args.cases} synthetic cases in {args.out} (labels.csv says which is which).")
    return 0


def _size(text: str) -> tuple[int, int]:
    match = re.fullmatch(r"(\d{1,4})x(\d{1,4})", text)
    if not match or not all(int(side) in SIDES_PX for side in match.groups()):
        raise ArgumentTypeError(
            f"{text!r} is not WIDTHxHEIGHT with sides of {SIDES_PX.start} to {SIDES_PX.stop - 1} px"
        )
    return int(match[1]), int(match[2])


def _check(args: Namespace) -> None:
    if args.cases < 1 or args.views < 1 or args.seed < 0:
        raise CommandError("--cases and --views must be 1 or more, --seed 0 or more.")
    if args.shortcut is not None and not 0 <= args.shortcut <= 1:
        raise CommandError("--shortcut is a probability from 0 to 1.")
    if args.out.exists() and (not args.out.is_dir() or any(args.out.iterdir())):
        raise CommandError(f"{args.out} is not an empty folder: name a new one.")
