"""`python -m ml ultrasound`: fit or measure what tells ultrasound images from other pictures."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.trust.ultrasound_data import Looked

HELP = "Fit or measure the small classifier that notices what is no ultrasound image."


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("fit", "measure"), help="fit writes ml/trust/ultrasound_model.json")
    parser.add_argument(
        "--real",
        type=Path,
        default=Path(os.environ["REAL_DATA_DIR"]) if os.environ.get("REAL_DATA_DIR") else None,
        metavar="DIR",
        help="real ultrasound images, as for `python -m ml slot` (or REAL_DATA_DIR)",
    )
    parser.add_argument(
        "--other",
        type=Path,
        required=True,
        metavar="DIR",
        help="pictures that are no ultrasound, in folders by kind: photographs/, charts/, … "
        "(scripts/other_pictures.py makes such a folder)",
    )
    parser.add_argument("--cases", type=int, default=180, metavar="N", help="phantoms, in every modality")
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="that look at pictures")
    parser.add_argument(
        "--keep",
        type=Path,
        metavar="FILE.npz",
        help="where to keep what was measured of the pictures, or to take it from: looking takes minutes",
    )
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose tables to rewrite")


def run(args: Namespace) -> int:
    if args.cases < 9:
        raise CommandError("--cases must be 9 or more.")
    if args.real is None:
        raise CommandError("Name a folder of real ultrasound images: --real DIR, or REAL_DATA_DIR.")
    for folder in (args.real, args.other):
        if not folder.is_dir():
            raise CommandError(f"{folder} is no folder.")
    return _fit(args) if args.what == "fit" else _measure(args)


def _looked(args: Namespace) -> "Looked":
    from ml.trust.ultrasound_data import (
        FITTED_FROM,
        kept,
        looked_at,
        looked_at_phantoms,
        other_pictures,
        ultrasound_pictures,
    )

    pictures = [*ultrasound_pictures(args.real), *other_pictures(args.other)]

    def look() -> "Looked":
        phantoms = looked_at_phantoms(args.cases, first=FITTED_FROM, processes=args.processes)
        return looked_at(pictures, processes=args.processes).and_also(phantoms)

    return look() if args.keep is None else kept(args.keep, [*pictures, args.cases], look)


def _fit(args: Namespace) -> int:
    from ml.atomic import write_text
    from ml.trust.ultrasound import FEATURES, MODEL_FILE
    from ml.trust.ultrasound_fit import fit_ultrasound
    from ml.trust.ultrasound_network import network_sha256
    from ml.trust.ultrasound_ridge import ridge_as_json

    looked = _looked(args)
    facts = {
        "command": "python -m ml ultrasound fit --real DIR --other DIR",
        "network_sha256": network_sha256(),
        "images": {
            str(source): int((looked.as_came & (looked.sources == source)).sum())
            for source in sorted(set(looked.sources.tolist()))
        },
    }
    text = ridge_as_json(fit_ultrasound(looked), facts, features=FEATURES)
    write_text(MODEL_FILE, text)
    print(f"Written: {MODEL_FILE}, from {facts['images']}.")
    return 0


def _measure(args: Namespace) -> int:
    from ml.trust.page import rewrite_table
    from ml.trust.ultrasound import stored_model
    from ml.trust.ultrasound_data import MEASURED_FROM, looked_at_phantoms
    from ml.trust.ultrasound_fit import doubted, kinds_left_out, left_out, named, rates_table
    from ml.trust.ultrasound_versions import OTHER

    fresh = looked_at_phantoms(args.cases, first=MEASURED_FROM, processes=args.processes)
    phantoms = f"Unseen phantoms called no ultrasound: {doubted(stored_model(), fresh)}."
    looked = _looked(args)
    by_source = list(left_out(looked, looked.sources))
    by_maker = list(left_out(looked, looked.makers, (OTHER,)))
    by_kind = list(kinds_left_out(looked))
    tables = {
        "ultrasound-phantoms": phantoms,
        "ultrasound-real": "Each real source, and each kind of other pictures, by a classifier that saw none "
        "of it:\n\n" + rates_table(by_source),
        "ultrasound-makers": "Each maker of other pictures, by a classifier that saw none of it, but other "
        "makers of its kind:\n\n" + rates_table(by_maker),
        "ultrasound-kinds": "Each maker of other pictures, by a classifier that saw nothing of its whole "
        "kind. Photographs, wallpapers, charts, screenshots, noise, blank pictures and pydicom's slices "
        f"together: {named(by_kind)}.\n\n" + rates_table(by_kind),
    }
    print("\n\n".join(tables.values()))
    if args.page is not None:
        for name, text in tables.items():
            rewrite_table(args.page, name, text)
    return 0
