"""The demo's fusion version: joins the three demo versions, fitted on their calibration phantoms."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from ml.demo.files import fusion_path
from ml.demo.phantom_seeds import calibration_seeds
from ml.demo.recipe import DemoRecipe
from ml.fusion.build import Words, build_fusion
from ml.fusion.cases import Cases
from ml.manifest import Manifest
from ml.metrics import softmax
from ml.taxonomy import Modality
from ml.trust.fit import Answers
from ml.trust.record import Calibration

LIMITS = (
    "SYNTHETIC: fitted on computer-made phantoms only. What it says about a patient means nothing.",
    "The phantoms also fitted the temperature (a quarter of them) and the sets of its inputs; none trained "
    "them.",
)


def cases_of(answers: Mapping[Modality, tuple[Answers, Calibration]]) -> Cases:
    """The same phantoms in the same order in each modality, calibrated; every phantom is a patient."""
    labels = next(iter(answers.values()))[0].labels
    return Cases(
        {
            modality: softmax(said.logits / calibration.temperature)
            for modality, (said, calibration) in answers.items()
        },
        labels,
        np.array([f"phantom-{row}" for row in range(len(labels))]),
    )


def write_demo_fusion(
    out: Path, cases: Cases, inputs: Mapping[Modality, Manifest], recipe: DemoRecipe, intended_use: str
) -> Manifest:
    """Beside the three checkpoints, of which `inputs` are the manifests."""
    seeds = calibration_seeds(recipe.seed, recipe.calibration_per_class)
    words = Words(
        name="demo-fusion",
        source=f"{seeds.count} synthetic phantoms ({seeds.fingerprint}), none trained on",
        fingerprint=seeds.fingerprint,
        licence="Apache-2.0",
        intended_use=intended_use,
        limits=LIMITS,
    )
    return build_fusion(fusion_path(out), cases, inputs, words, recipe.seed)
