"""`python -m ml pretrain`: one backbone on several organs at once, the paper's multi-task recipe."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import Any

from ml.commands import CommandError
from ml.commands._training import add_training_arguments, machine_of, recipe_of, sentences

HELP = (
    "Multi-task pre-training on ultrasound of other organs; writes backbone.safetensors for finetune --start."
)


def add_arguments(parser: ArgumentParser) -> None:
    add_training_arguments(parser, "ml/configs/pretrain.toml")
    parser.add_argument(
        "--data",
        type=Path,
        metavar="DIR",
        help="folder that holds the sets as <name>/ (else the file's [sets])",
    )
    parser.add_argument(
        "--sets", metavar="A,B", help="sets to use, in this order: auli, ocau, busi, ddti, edcu"
    )


def run(args: Namespace) -> int:
    from ml.train.pretrain import pretrain
    from ml.train.recipe import read_toml

    with sentences():
        tables = read_toml(args.config)
        recipe = recipe_of(args, tables)
        sets = _open_sets(args, _places(args, tables), recipe.input_size)
        backbone = pretrain(sets, recipe, machine_of(args, recipe), args.out)
    print(f"Done: {backbone} is a start for `python -m ml finetune --start {backbone}`.")
    return 0


def _places(args: Namespace, tables: dict[str, Any]) -> dict[str, Path]:
    """Set name -> folder, in training order."""
    named = {name: Path(folder) for name, folder in tables.get("sets", {}).items()}
    wanted = [name.strip() for name in args.sets.split(",")] if args.sets else list(named)
    if not wanted:
        raise CommandError("No sets are named: use --sets, or a [sets] table in the configuration file.")
    if args.data is not None:
        return {name: args.data / name for name in wanted}
    unplaced = [name for name in wanted if name not in named]
    if unplaced:
        raise CommandError(f"Where is the set '{unplaced[0]}'? Give its parent folder with --data.")
    return {name: named[name] for name in wanted}


def _open_sets(args: Namespace, places: dict[str, Path], size: int) -> dict[str, Any]:
    from ml.data.cache import open_cache
    from ml.data.readers import read

    samples = {name: read(name, folder) for name, folder in places.items()}  # all are checked before any work
    return {
        name: open_cache(found, size, args.cache, skip_broken=args.skip_broken, progress=True)
        for name, found in samples.items()
    }
