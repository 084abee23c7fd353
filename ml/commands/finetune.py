"""`python -m ml finetune`: one modality in folds; no image is predicted by a model that saw its patient."""

from argparse import ArgumentParser, Namespace
from dataclasses import replace
from typing import TYPE_CHECKING

from ml.commands import CommandError
from ml.commands._training import (
    add_data_arguments,
    add_training_arguments,
    machine_of,
    read_samples,
    recipe_of,
    sentences,
)

if TYPE_CHECKING:
    from ml.data.samples import SampleSet

HELP = "Fine-tune one modality in folds grouped by patient; keeps the out-of-fold prediction of every image."


def add_arguments(parser: ArgumentParser) -> None:
    add_training_arguments(parser, "ml/configs/finetune.toml")
    add_data_arguments(parser, required=True)
    parser.add_argument(
        "--protocol",
        default="grouped",
        choices=("grouped", "paper"),
        help="paper: image-level folds, stopping on the scored fold; LEAKING, for comparison only",
    )
    parser.add_argument("--folds", type=int, default=5, metavar="N", help="number of folds")
    parser.add_argument(
        "--only-folds", metavar="K,K", help="fold numbers from 0 to run now; the rest can follow"
    )
    parser.add_argument(
        "--shuffle-labels",
        action="store_true",
        help="a control: the AUC must fall to 0.5, or something leaks",
    )


def run(args: Namespace) -> int:
    from ml.data.cache import open_cache
    from ml.data.folds import Protocol
    from ml.train.finetune import FoldPlan, finetune
    from ml.train.recipe import read_toml

    with sentences():
        recipe = recipe_of(args, read_toml(args.config))
        samples = _samples(args, recipe.seed)
        cached = open_cache(
            samples, recipe.input_size, args.cache, skip_broken=args.skip_broken, progress=True
        )
        plan = FoldPlan(Protocol(args.protocol), args.folds, _only(args), args.shuffle_labels)
        machine = machine_of(args, recipe)
        path = finetune(cached, recipe, plan, machine, args.out)
    print(f"Done ({plan.protocol.label}): {path}. `python -m ml evaluate {args.out}` has the numbers.")
    return 0


def _samples(args: Namespace, seed: int) -> "SampleSet":
    from ml.data.samples import check_classes

    found = read_samples(args)
    check_classes(found, minimum=args.folds + 1)
    return _shuffled(found, seed) if args.shuffle_labels else found


def _shuffled(samples: "SampleSet", seed: int) -> "SampleSet":
    """The labels dealt out anew at random."""
    import numpy as np

    labels = np.random.default_rng(seed).permutation(samples.labels).tolist()
    dealt = tuple(replace(s, label=label) for s, label in zip(samples.samples, labels, strict=True))
    return replace(samples, samples=dealt)


def _only(args: Namespace) -> tuple[int, ...]:
    if not 2 <= args.folds <= 20:
        raise CommandError(f"--folds {args.folds} must lie between 2 and 20.")
    if not args.only_folds:
        return ()
    numbers = args.only_folds.split(",")
    if not all(text.strip().isdigit() and int(text) < args.folds for text in numbers):
        raise CommandError(f"--only-folds takes numbers from 0 to {args.folds - 1}, separated by commas.")
    return tuple(int(text) for text in numbers)
