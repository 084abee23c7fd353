"""`python -m ml export`: a finished fine-tuning as one checkpoint that the server imports as it is."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.commands import CommandError
from ml.commands._training import (
    add_data_arguments,
    add_machine_arguments,
    machine_of,
    read_samples,
    sentences,
)
from ml.commands.fast import prove_checkpoint, summary

if TYPE_CHECKING:
    from ml.data.cache import CachedSet
    from ml.fast.images import LabelledImages
    from ml.model import SplitClassifier

HELP = (
    "Turn a finished fine-tuning into one calibrated .safetensors checkpoint with a filled manifest. With "
    "--data its maps are audited, and the best fold learns which images are unlike its training images."
)


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "folder", type=Path, metavar="RUN", help="folder that finetune wrote, every fold done"
    )
    parser.add_argument("--out", type=Path, required=True, metavar="FILE", help=".safetensors file to write")
    parser.add_argument(
        "--how",
        default="best-fold",
        choices=("best-fold", "ensemble", "refit"),
        help="best-fold: lowest stopping loss; ensemble: all folds, slower; refit: new training on all of it "
        "for the median best epoch (needs --data)",
    )
    parser.add_argument(
        "--name", metavar="TEXT", help="name of the model version (default: the run's folder)"
    )
    parser.add_argument("--licence", default="not stated", metavar="TEXT", help="licence of the weights")
    parser.add_argument(
        "--limit", action="append", default=[], metavar="TEXT", help="a known limit; may repeat"
    )
    parser.add_argument(
        "--dtype", default="float32", choices=("float32", "float16"), help="storage; float16 is half the size"
    )
    parser.add_argument(
        "--fast",
        action="store_true",
        help="measure fast (int8) mode too, for minutes: on the run's out-of-fold images where --data names "
        "them and there are 500, else on phantoms; `ml fast` does the same later",
    )
    add_data_arguments(parser, required=False)
    add_machine_arguments(parser)


def run(args: Namespace) -> int:
    from ml.train.export import How, Words, export, finished_run, write_summary

    if args.out.suffix != ".safetensors":
        raise CommandError(f"--out must end in .safetensors, not '{args.out.name}'.")
    with sentences():
        info = finished_run(args.folder)
        how = How(args.how)
        words = Words(args.name or args.folder.resolve().name, args.licence, tuple(args.limit), args.modality)
        model = _model(args, info)
        cached = _cached(args, info) if args.data is not None else None
        manifest = export(args.folder, how, args.out, words, model=model, dtype=args.dtype, cached=cached)
        if args.fast:
            record = prove_checkpoint(args.out, manifest, _out_of_fold(args, info))
            print(summary(record))
    print(f"{write_summary(manifest)}\nWritten: {args.out} (import it with manage.py model_import)")
    return 0


def _out_of_fold(args: Namespace, info: dict[str, Any]) -> "LabelledImages | None":
    """Images that the exported weights were not trained on: what the best fold was scored on; None for too
    few, without --data, and for models that have seen every image."""
    from ml.fast.images import out_of_fold
    from ml.train.export import best_fold

    if args.data is None or args.how != "best-fold":
        return None
    return out_of_fold(_cached(args, info), args.folder, best_fold(info))


def _model(args: Namespace, info: dict[str, Any]) -> "SplitClassifier":
    from ml.train.export import best_fold, ensemble_model, fold_model, refit_model
    from ml.train.recipe import Recipe

    if args.how == "ensemble":
        return ensemble_model(args.folder, info)
    if args.how == "best-fold":
        return fold_model(args.folder, info, best_fold(info))
    if args.data is None:
        raise CommandError("A refit trains again: give the images of the run with --data.")
    recipe = Recipe().with_changes(info["config"])
    return refit_model(args.folder, info, _cached(args, info), machine_of(args, recipe))


def _cached(args: Namespace, info: dict[str, Any]) -> "CachedSet":
    from ml.data.cache import open_cache

    size = info["config"]["input_size"]
    return open_cache(read_samples(args), size, args.cache, skip_broken=args.skip_broken, progress=True)
