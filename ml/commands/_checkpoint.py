"""What `predict` and `explain` share: the checkpoint arguments, opening it, the notes beside an answer."""

from argparse import ArgumentParser, Namespace
from typing import TYPE_CHECKING

from ml.commands import CommandError
from ml.manifest import Manifest
from ml.taxonomy import RESEARCH_USE_NOTE, SYNTHETIC_NOTE

if TYPE_CHECKING:
    from ml.checkpoint import LoadedModel


def add_checkpoint_arguments(parser: ArgumentParser) -> None:
    """`--checkpoint` and `--device`."""
    parser.add_argument(
        "--checkpoint", required=True, metavar="FILE", help="model of one modality, a .safetensors file"
    )
    parser.add_argument("--device", default="cpu", help="auto, cpu, cuda or cuda:N")


def open_checkpoint(args: Namespace) -> "LoadedModel":
    """The checkpoint named by the arguments, on the device named by them."""
    from ml.checkpoint import load_checkpoint
    from ml.device import UnknownDeviceError, choose_device

    try:
        return load_checkpoint(args.checkpoint, choose_device(args.device), classes=None)
    except UnknownDeviceError as error:
        raise CommandError(str(error)) from None


def notes(manifest: Manifest) -> list[str]:
    """Sentences that belong beside every answer of this model."""
    return ([SYNTHETIC_NOTE] if manifest.synthetic else []) + [RESEARCH_USE_NOTE]


def print_notes(manifest: Manifest) -> None:
    for sentence in notes(manifest):
        print(sentence)
