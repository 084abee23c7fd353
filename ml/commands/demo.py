"""`python -m ml demo`: the demo's checkpoints from synthetic phantoms, or nothing where they exist."""

import shutil
from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.demo.recipe import DemoRecipe

HELP = (
    "Make the three demo checkpoints (real ResNet152 files trained on SYNTHETIC phantoms) and the fusion "
    "that joins them: at most 5 minutes on two cores. Does nothing where they exist."
)
DISK_NEEDED_MIB = 600


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument(
        "--out", type=Path, default=Path("var/models"), metavar="DIR", help="folder to write into"
    )
    parser.add_argument(
        "--tiny", action="store_true", help="ResNet18 at 64 px in seconds, for tests and load runs"
    )
    parser.add_argument("--force", action="store_true", help="make them again even where they exist")
    parser.add_argument(
        "--check-seeds",
        type=int,
        metavar="N",
        help="write no checkpoint: train with N seeds and write what each reaches to --results",
    )
    parser.add_argument(
        "--results",
        type=Path,
        default=Path("docs/results/demo_seeds.json"),
        metavar="FILE",
        help="for --check-seeds",
    )


def run(args: Namespace) -> int:
    from ml.demo.recipe import read_recipe

    recipe = read_recipe(tiny=args.tiny)
    if args.check_seeds is not None:
        return _check_seeds(args, recipe)
    return _make(args, recipe)


def _make(args: Namespace, recipe: "DemoRecipe") -> int:
    from ml.demo.files import is_complete
    from ml.taxonomy import MODALITIES

    _check_folder(args.out)
    if not args.force and is_complete(args.out, recipe):
        print(f"The demo checkpoints in {args.out} are up to date.")
        return 0
    from ml.demo.build import train_all, write_checkpoint, write_fusion_of
    from ml.demo.progress import WorkBar
    from ml.fusion.figures import fusion_figures
    from ml.fusion.markdown import gain_sentence

    print(f"Making demo checkpoints from SYNTHETIC phantoms in {args.out}: {', '.join(MODALITIES)}.")
    with WorkBar(recipe, checkpoints=len(MODALITIES)) as bar:
        trained = train_all(recipe, bar.tick)
        stored = {
            modality: write_checkpoint(args.out, modality, one, recipe, bar.tick)
            for modality, one in trained.items()
        }
        fusion = write_fusion_of(args.out, trained, stored, recipe, bar.tick)
    for modality, one in trained.items():
        print(f"  {modality}: {_sentence(one.metrics)}")
    for found in fusion_figures(fusion).gains:
        print(f"  {gain_sentence(found)}")
    print(f"Done in {bar.seconds:.0f} s. They are ResNets in shape and cost that know phantoms only.")
    return 0


def _check_seeds(args: Namespace, recipe: "DemoRecipe") -> int:
    from ml.demo.seeds import check_seeds, write_results

    if args.check_seeds < 1:
        raise CommandError("--check-seeds must be 1 or more.")
    results = check_seeds(recipe, args.check_seeds)
    write_results(args.results, results)
    for row in results["runs"]:
        for modality, metrics in row["modalities"].items():
            print(f"seed {row['seed']}, {modality}: {_sentence(metrics)}")
    print(f"Written to {args.results}.")
    return 0 if results["passed"] else 1


def _sentence(metrics: dict[str, Any]) -> str:
    energy = metrics["true_class_map"]
    return (
        f"AUC {metrics['held_out_phantoms']['auc_ovr']:.3f} on {metrics['images']} fresh phantoms, "
        f"true-class map {energy['energy_ratio']} times the node's area share, {energy['empty_maps']} empty"
    )


def _check_folder(out: Path) -> None:
    if out.exists() and not out.is_dir():
        raise CommandError(f"{out} is not a folder: name one with --out.")
    out.mkdir(parents=True, exist_ok=True)
    if shutil.disk_usage(out).free < DISK_NEEDED_MIB * 2**20:
        raise CommandError(f"{out} has less than {DISK_NEEDED_MIB} MiB free: make room or use --out.")
