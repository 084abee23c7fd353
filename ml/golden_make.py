"""Makes the golden images of a checkpoint: phantoms, and what the weights as stored say about them."""

import copy
import io
from dataclasses import replace

import torch
from PIL import Image

from ml.checkpoint import LoadedModel
from ml.golden import KEY, GoldenImage, golden_as_json
from ml.manifest import Manifest
from ml.model import SplitClassifier
from ml.phantoms import render_case
from ml.phantoms.files import png_info
from ml.predict import predict_batch
from ml.taxonomy import CLASS_NAMES, Modality

FIRST_SEED = 900_000  # far from the seeds of any training
SIZE = (128, 96)  # pixels, width × height: small, because the manifest is small


def with_golden(manifest: Manifest, model: SplitClassifier, dtype: str) -> Manifest:
    """The manifest with golden images, for weights stored as `dtype`; as it is for other classes."""
    if manifest.class_names != CLASS_NAMES:
        return manifest
    files = [_phantom_png(number, name, manifest.image_modality) for number, name in enumerate(CLASS_NAMES)]
    pictures = [Image.open(io.BytesIO(data)) for data in files]
    loaded = LoadedModel(as_stored(model, dtype), manifest, torch.device("cpu"))
    answers = [
        GoldenImage(
            class_name=name,
            image=picture,
            logits=result.logits,
            probabilities=tuple(result.raw_probabilities[known] for known in CLASS_NAMES),
            maps={known: grid if grid.any() else None for known, grid in result.maps.grids.items()},
        )
        for name, picture, result in zip(CLASS_NAMES, pictures, predict_batch(pictures, loaded), strict=True)
    ]
    return replace(manifest, extras={**manifest.extras, KEY: golden_as_json(answers, files)})


def as_stored(model: SplitClassifier, dtype: str) -> SplitClassifier:
    """A copy that answers as the checkpoint will: in evaluation mode, its numbers rounded to `dtype`."""
    twin = copy.deepcopy(model).cpu().eval().requires_grad_(requires_grad=False)
    for tensor in [*twin.parameters(), *twin.buffers()]:
        if tensor.is_floating_point():
            tensor.data = tensor.data.to(getattr(torch, dtype)).float()
    return twin


def _phantom_png(number: int, class_name: str, modality: Modality) -> bytes:
    phantom = render_case(FIRST_SEED + number, class_name, size=SIZE, modalities=[modality])[modality]
    buffer = io.BytesIO()
    phantom.image.save(buffer, "PNG", pnginfo=png_info(phantom), optimize=True)
    return buffer.getvalue()
