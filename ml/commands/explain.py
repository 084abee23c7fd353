"""`python -m ml explain`: where in an image each class finds its evidence, one PNG a class."""

from argparse import ArgumentParser, Namespace
from pathlib import Path
from typing import TYPE_CHECKING

from ml.commands._checkpoint import add_checkpoint_arguments, notes, open_checkpoint, print_notes

if TYPE_CHECKING:
    from PIL.Image import Image

    from ml.gradcam import FloatMap

HELP = "Grad-CAM map of each class for one image, written as PNG files of the image's size."
STYLES = ("overlay", "heatmap")
COLORMAPS = ("inferno", "jet")


def add_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("image", metavar="IMAGE", help="PNG, JPEG, BMP, TIFF or WebP file")
    add_checkpoint_arguments(parser)
    parser.add_argument("--out", required=True, metavar="DIR", type=Path, help="folder for the PNG files")
    parser.add_argument(
        "--style", choices=STYLES, default="overlay", help="map over the image, or the map alone"
    )
    parser.add_argument(
        "--colormap",
        choices=COLORMAPS,
        default="inferno",
        help="jet is the paper's; inferno suits colour-blind eyes",
    )


def run(args: Namespace) -> int:
    from ml.images import open_image, save_png
    from ml.predict import predict

    image = open_image(args.image)
    loaded = open_checkpoint(args)
    result = predict(image, loaded)
    texts = {"Comment": " ".join(notes(loaded.manifest)), "Software": f"CV4LymphNode, {loaded.manifest.name}"}
    for name, values in result.maps.items():
        answer = f"{name} {result.probabilities[name]:6.1%}"
        if values is None:
            print(f"{answer}  nothing in this image speaks for this class: no file written")
            continue
        path = args.out / f"{Path(args.image).stem}-{name}.png"
        save_png(_picture(args, image, values), path, texts)
        print(f"{answer}  {path}")
    print_notes(loaded.manifest)
    return 0


def _picture(args: Namespace, image: "Image", values: "FloatMap") -> "Image":
    from ml import colormap

    if args.style == "heatmap":
        return colormap.heatmap(values, args.colormap)
    return colormap.overlay(image, values, args.colormap)
