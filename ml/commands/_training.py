"""What `pretrain` and `finetune` share: recipe arguments, the machine, and known failures as one sentence."""

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ml.commands import CommandError

if TYPE_CHECKING:
    from ml.data.samples import SampleSet
    from ml.train.machine import Machine
    from ml.train.recipe import Recipe

# Command-line name -> (field of the recipe, type, help). A value given here outranks the configuration file.
RECIPE_ARGUMENTS: dict[str, tuple[str, type, str]] = {
    "--architecture": ("architecture", str, "backbone: resnet152, convnext_large, …, or timm:<name>"),
    "--size": ("input_size", int, "side of the square input in pixels"),
    "--start": ("start", str, "random, imagenet, or a .safetensors file"),
    "--learning-rate": ("learning_rate", float, "of Adam"),
    "--batch-size": ("batch_size", int, "images a step, over all processes"),
    "--epochs": ("epochs", int, "at most this many"),
    "--patience": ("patience", int, "epochs without a better validation loss before stopping; 0 = never"),
    "--seed": ("seed", int, "of folds, weights and batches"),
    "--precision": ("precision", str, "auto (bf16 on a GPU, fp32 elsewhere), fp32 or bf16"),
    "--save-every-s": ("save_every_s", float, "seconds between saved states inside an epoch"),
}


def add_training_arguments(parser: ArgumentParser, config: str) -> None:
    """--config, --out, the recipe, the machine and the cache."""
    parser.add_argument(
        "--config", type=Path, default=Path(config), metavar="FILE", help="recipe in TOML; options outrank it"
    )
    parser.add_argument(
        "--out",
        type=Path,
        required=True,
        metavar="DIR",
        help="folder of the run; the same folder again resumes",
    )
    recipe = parser.add_argument_group("recipe (default: what the configuration file says)")
    for option, (_, kind, text) in RECIPE_ARGUMENTS.items():
        recipe.add_argument(option, type=kind, default=None, metavar=kind.__name__.upper(), help=text)
    add_machine_arguments(parser)


def add_machine_arguments(parser: ArgumentParser) -> None:
    """--device, --threads, --cache, --skip-broken."""
    parser.add_argument("--device", default="auto", metavar="NAME", help="auto, cpu or cuda")
    parser.add_argument(
        "--threads", type=int, metavar="N", help="processor threads; torch's choice without it"
    )
    parser.add_argument(
        "--cache", type=Path, default=Path("var/cache"), metavar="DIR", help="folder of decoded images"
    )
    parser.add_argument(
        "--skip-broken", action="store_true", help="leave out images that cannot be read instead of stopping"
    )


def add_data_arguments(parser: ArgumentParser, *, required: bool) -> None:
    """--data, --reader and --modality: one set of images to fine-tune on."""
    parser.add_argument(
        "--data",
        type=Path,
        required=required,
        metavar="PATH",
        help="folder <class>/<patient>-<n>.png, or a CSV with path, label, patient, modality",
    )
    parser.add_argument(
        "--reader", default="auto", metavar="NAME", help="auto (folder or csv), lymph-nodes, busi, auli, …"
    )
    parser.add_argument(
        "--modality", metavar="NAME", help="2d, cdfi or elastography, where there are several"
    )


def read_samples(args: Namespace) -> "SampleSet":
    """The images that --data, --reader and --modality name."""
    from ml.data.readers import read

    reader = args.reader
    if reader == "auto":
        reader = "csv" if args.data.suffix.lower() == ".csv" else "folder"
    found = read(reader, args.data)
    modalities = sorted({sample.modality for sample in found.samples})
    if args.modality and args.modality not in modalities:
        raise CommandError(f"The data has no images of '{args.modality}', only {', '.join(modalities)}.")
    if not args.modality and len(modalities) > 1:
        raise CommandError(
            f"The data has several modalities ({', '.join(modalities)}): choose with --modality."
        )
    return found.only(args.modality) if args.modality else found


def recipe_of(args: Namespace, tables: dict[str, Any]) -> "Recipe":
    """Paper's defaults, then the file's [recipe], then the command line."""
    from ml.train.recipe import Recipe

    given = {
        name: getattr(args, option.strip("-").replace("-", "_"))
        for option, (name, _, _) in RECIPE_ARGUMENTS.items()
    }
    chosen = {name: value for name, value in given.items() if value is not None}
    return Recipe().with_changes({**tables.get("recipe", {}), **chosen})


def machine_of(args: Namespace, recipe: "Recipe") -> "Machine":
    """The device and processes of this run."""
    import torch

    from ml.train.machine import Machine

    if args.threads is not None:
        if args.threads < 1:
            raise CommandError("--threads must be 1 or more.")
        torch.set_num_threads(args.threads)
    return Machine(args.device, recipe.precision)


@contextmanager
def sentences() -> Iterator[None]:
    """Known failures of data and training as CommandError; Ctrl-C with the way to go on."""
    from ml.data.samples import DataError

    try:
        yield
    except DataError as error:
        raise CommandError(str(error)) from error
    except KeyboardInterrupt:
        print("\nStopped. Nothing is half-written: the same command goes on from the last saved state.")
        raise
