"""Examples for Figure 7: unseen images with the map of their true class."""

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from ml.evaluate.predictions import Predictions
from ml.evaluate.run import Run
from ml.figures.gradcam import Example

if TYPE_CHECKING:
    from ml.checkpoint import LoadedModel


def examples_of(run: Run, images: dict[str, Path]) -> list[Example]:
    """Per class the median correct answer and, where there is one, the surest wrong answer."""
    predictions = run.predictions
    if predictions is None:
        return []
    picked = [
        (row, k)
        for k in range(len(predictions.class_names))
        for row in _rows(predictions, k)
        if predictions.image_ids[row] in images
    ]
    return [_example(run, predictions, row, k, images) for row, k in picked]


def _rows(predictions: Predictions, k: int) -> list[int]:
    p, labels = predictions.probabilities, predictions.labels
    mine = np.flatnonzero(labels == k)
    right = mine[p[mine].argmax(axis=1) == k]
    wrong = mine[p[mine].argmax(axis=1) != k]
    rows = []
    if len(right):
        order = right[np.argsort(p[right, k], kind="stable")]
        rows.append(int(order[len(order) // 2]))
    if len(wrong):
        rows.append(int(wrong[np.argmax(p[wrong].max(axis=1))]))
    return rows


def _example(run: Run, predictions: Predictions, row: int, k: int, images: dict[str, Path]) -> Example:
    from ml.colormap import overlay  # noqa: PLC0415  torch and models only when maps are drawn
    from ml.images import open_image  # noqa: PLC0415
    from ml.predict import predict  # noqa: PLC0415

    name = predictions.class_names[k]
    image = open_image(str(images[predictions.image_ids[row]]))
    result = predict(image, load_fold(run, int(predictions.folds[row])))
    grid = result.maps[name]
    answer = max(result.probabilities, key=result.probabilities.__getitem__)
    caption = f"answer: {answer} {result.probabilities[answer]:.0%}"
    return Example(name, image, None if grid is None else overlay(image, grid, "jet"), caption)


def load_fold(run: Run, fold: int) -> "LoadedModel":
    """The fold's best weights, ready to predict; the run's own facts as its manifest."""
    import torch  # noqa: PLC0415

    from ml.checkpoint import LoadedModel  # noqa: PLC0415
    from ml.manifest import Manifest  # noqa: PLC0415
    from ml.taxonomy import Modality  # noqa: PLC0415
    from ml.train.export import fold_model  # noqa: PLC0415

    info = run.info
    manifest = Manifest(
        name=run.name,
        architecture=info["architecture"],
        modality=Modality(info["modality"]),
        input_size=info["config"]["input_size"],
        seed=info["seed"],
        config=dict(info["config"]),
        dataset_fingerprint=info["fingerprint"],
        split_protocol=info["protocol"],
        metrics={},
        training_commit=info["commit"],
        licence="",
        intended_use="",
        limits=[],
        synthetic=run.synthetic,
        created_at=info["started_at"],
        class_names=tuple(info["classes"]),
    )
    return LoadedModel(fold_model(run.folder, info, fold).eval(), manifest, torch.device("cpu"))
