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

if TYPE_CHECKING:
    from ml.model import SplitClassifier

HELP = "Turn a finished fine-tuning into one .safetensors checkpoint with a filled manifest."


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
        manifest = export(args.folder, how, args.out, words, model=model, dtype=args.dtype)
    print(f"{write_summary(manifest)}\nWritten: {args.out} (import it with manage.py model_import)")
    return 0


def _model(args: Namespace, info: dict[str, Any]) -> "SplitClassifier":
    from ml.data.cache import open_cache
    from ml.train.export import best_fold, ensemble_model, fold_model, refit_model
    from ml.train.recipe import Recipe

    if args.how == "ensemble":
        return ensemble_model(args.folder, info)
    if args.how == "best-fold":
        return fold_model(args.folder, info, best_fold(info))
    if args.data is None:
        raise CommandError("A refit trains again: give the images of the run with --data.")
    recipe = Recipe().with_changes(info["config"])
    samples = read_samples(args)
    cached = open_cache(samples, recipe.input_size, args.cache, skip_broken=args.skip_broken, progress=True)
    return refit_model(args.folder, info, cached, machine_of(args, recipe))
