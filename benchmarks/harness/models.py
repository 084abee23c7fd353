"""Networks of the real size without their training: timings do not depend on the weights' values."""

import torch

from ml.model import SplitClassifier, build_model
from ml.taxonomy import CLASS_NAMES


def random_model(architecture: str, size: int) -> SplitClassifier:
    """Random weights whose activations keep their scale, as those of a trained network do."""
    model = build_model(architecture, len(CLASS_NAMES), size)
    norms = [layer for layer in model.modules() if isinstance(layer, torch.nn.BatchNorm2d)]
    for layer in norms:
        layer.momentum = None  # plain mean: one batch gives the statistics
    with torch.no_grad():
        model.train()(torch.randn(4, 3, 128, 128))
    return model
