"""`python -m ml slot`: fit or measure what tells the modality of an image from its colours."""

import os
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.trust.slot_data import Measured

HELP = (
    "Fit or measure the small classifier that notices an image in the wrong slot: on phantoms, and on real "
    "images where --real names a folder of them."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("what", choices=("fit", "measure"), help="fit writes ml/trust/slot_model.json")
    parser.add_argument(
        "--real",
        type=Path,
        default=Path(os.environ["REAL_DATA_DIR"]) if os.environ.get("REAL_DATA_DIR") else None,
        metavar="DIR",
        help="real images: <set>/<class>/… of grey-scale sets, modalities/<source>/<modality>/… "
        "(or REAL_DATA_DIR)",
    )
    parser.add_argument(
        "--cases", type=int, default=450, metavar="N", help="phantoms, each in every modality"
    )
    parser.add_argument("--processes", type=int, default=2, metavar="N", help="that draw phantoms")
    parser.add_argument("--page", type=Path, metavar="FILE", help="Markdown page whose tables to rewrite")


def run(args: Namespace) -> int:
    if args.cases < 9:
        raise CommandError("--cases must be 9 or more.")
    if args.real is not None and not args.real.is_dir():
        raise CommandError(f"{args.real} is no folder.")
    return _fit(args) if args.what == "fit" else _measure(args)


def _fit(args: Namespace) -> int:
    from ml.atomic import write_text
    from ml.taxonomy import MODALITIES
    from ml.trust.logistic import model_as_json
    from ml.trust.slot import FEATURES, MODEL_FILE
    from ml.trust.slot_fit import fit_slot

    images = _fitted_on(args)
    facts = {
        "command": "python -m ml slot fit" + (" --real DIR" if args.real else ""),
        "images": {
            str(source): int((images.sources == source).sum()) for source in sorted(set(images.sources))
        },
    }
    text = model_as_json(fit_slot(images), facts, features=FEATURES, classes=MODALITIES)
    write_text(MODEL_FILE, text)
    print(f"Written: {MODEL_FILE}, from {facts['images']}.")
    return 0


def _fitted_on(args: Namespace) -> "Measured":
    from ml.trust.slot import slot_features
    from ml.trust.slot_data import FITTED_FROM, measured_phantoms, measured_real

    images = measured_phantoms(args.cases, slot_features, first=FITTED_FROM, processes=args.processes)
    return images if args.real is None else images.and_also(measured_real(args.real, slot_features))


def _measure(args: Namespace) -> int:
    from ml.trust.page import rewrite_table
    from ml.trust.slot import slot_features, stored_model
    from ml.trust.slot_data import MEASURED_FROM, measured_phantoms
    from ml.trust.slot_fit import rates_table, wrong_slots

    fresh = measured_phantoms(args.cases, slot_features, first=MEASURED_FROM, processes=args.processes)
    rates = wrong_slots(stored_model().probabilities(fresh.features), fresh.labels)
    words = f"Flagged as in the wrong slot, unseen phantoms:\n\n{rates_table(rates)}"
    print(words)
    if args.page is not None:
        rewrite_table(args.page, "slot-phantoms", words)
    if args.real is not None:
        words = _real(args)
        print(f"\n{words}")
        if args.page is not None:
            rewrite_table(args.page, "slot-real", words)
    return 0


def _real(args: Namespace) -> str:
    """Each source by a classifier that saw the phantoms and the other sources."""
    from ml.trust.slot import slot_features
    from ml.trust.slot_data import FITTED_FROM, measured_phantoms, measured_real
    from ml.trust.slot_fit import left_out_sources, pooled_rates, rates_table

    phantoms = measured_phantoms(args.cases, slot_features, first=FITTED_FROM, processes=args.processes)
    found = list(left_out_sources(phantoms, measured_real(args.real, slot_features)))
    whole = rates_table(pooled_rates([(chances, images.labels) for _, images, chances in found]))
    return f"Flagged as in the wrong slot, real images, each source left out of the fit:\n\n{whole}"
