"""From a recipe to three checkpoints: phantoms, training, growth, measuring, manifest, file."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np
import torch

from ml.audit.curves import QUICK
from ml.audit.images import phantom_images
from ml.audit.record import KEY as AUDIT_KEY
from ml.audit.record import Audit, audit_as_json
from ml.audit.run import audit_maps
from ml.audit.subject import Subject
from ml.checkpoint import save_checkpoint
from ml.demo.checks import measure, reaches_goals
from ml.demo.files import checkpoint_path, fingerprint
from ml.demo.fusion import cases_of, write_demo_fusion
from ml.demo.network import SharedNetwork, block_count, grow, round_to_half, set_statistics
from ml.demo.phantom_arrays import PhantomArrays, phantom_arrays
from ml.demo.phantom_seeds import audit_seeds, calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, Phase
from ml.demo.training import MEAN, STD, train
from ml.demo.trust import fit_trust
from ml.golden_make import with_golden
from ml.manifest import Manifest
from ml.model import SplitClassifier
from ml.phantoms.many import PhantomSeeds
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality
from ml.train.run import code_commit, environment
from ml.transforms import normalise
from ml.trust.fit import Answers
from ml.trust.record import Calibration, Trust, trust_as_extras

LARGEST_GROWTH_ERROR = 1e-3  # in a logit; the added blocks are exact, the rest is rounding
COMPARED_IMAGES = 4
STORED_AS = "float16"
MOST_PROCESSES = 4
INTENDED_USE = "Showing and testing CV4LymphNode. Research use only, never for a patient."

Tick = Callable[[str, float], object]  # what is being done, work done (seconds on two cores of 2024)
SECONDS_A_CASE, SECONDS_A_MEASUREMENT, SECONDS_A_CALIBRATION, SECONDS_A_CHECKPOINT = 0.025, 0.03, 0.01, 4.0
SECONDS_AN_AUDITED = 0.6  # image: 30 passes
SECONDS_A_FUSION = 5.0


@dataclass(frozen=True)
class Trained:
    """One modality's shallow classifier with what was measured on it."""

    classifier: SplitClassifier
    metrics: dict[str, Any]
    held_out: PhantomArrays
    trust: Trust
    calibration: Calibration
    calibration_answers: Answers  # to the phantoms that it was calibrated on
    audit: Audit


def work_seconds(recipe: DemoRecipe, checkpoints: int) -> float:
    """What all ticks of `train_all`, `checkpoints` times `write_checkpoint`, and (of all three) of
    `write_fusion_of` add up to."""
    steps = sum(phase.steps * _step_seconds(phase) for phase in recipe.phases)
    per_class = recipe.cases_per_class + recipe.held_out_per_class + recipe.calibration_per_class
    cases = per_class * len(CLASS_NAMES) * SECONDS_A_CASE
    measured = recipe.held_out_per_class * len(CLASS_NAMES) * len(MODALITIES) * SECONDS_A_MEASUREMENT
    calibrated = recipe.calibration_per_class * len(CLASS_NAMES) * len(MODALITIES) * SECONDS_A_CALIBRATION
    audited = recipe.audited_per_class * len(CLASS_NAMES) * len(MODALITIES) * SECONDS_AN_AUDITED
    joined = SECONDS_A_FUSION if checkpoints == len(MODALITIES) else 0.0
    return steps + cases + measured + calibrated + audited + checkpoints * SECONDS_A_CHECKPOINT + joined


def _step_seconds(phase: Phase) -> float:
    return 0.25 * phase.batch_size / 32 * (phase.side_px / 64) ** 2


def train_all(recipe: DemoRecipe, tick: Tick = lambda _what, _seconds: None) -> dict[Modality, Trained]:
    """Train the shared network; measure and calibrate each modality's classifier on fresh phantoms."""
    if recipe.threads:
        torch.set_num_threads(recipe.threads)
    seeds = training_seeds(recipe.seed, recipe.cases_per_class)
    data = _drawn(seeds, recipe, "drawing phantoms", tick)
    network = train(data, recipe, lambda phase: tick(f"training at {phase.side_px} px", _step_seconds(phase)))
    fresh_seeds = held_out_seeds(recipe.seed, recipe.held_out_per_class)
    fresh = _drawn(fresh_seeds, recipe, "drawing fresh phantoms", tick)
    others_seeds = calibration_seeds(recipe.seed, recipe.calibration_per_class)
    others = _drawn(others_seeds, recipe, "drawing other phantoms", tick)
    trained = {}
    for modality in MODALITIES:
        classifier = _finish(network, modality, recipe, data[modality])
        metrics = measure(classifier, fresh[modality])
        tick(f"measuring {modality}", SECONDS_A_MEASUREMENT * fresh_seeds.count)
        trust, answers, calibration = fit_trust(classifier, others[modality], others_seeds.fingerprint)
        tick(f"calibrating {modality}", SECONDS_A_CALIBRATION * others_seeds.count)
        audit = _audited(classifier, modality, recipe)
        tick(f"auditing {modality}", SECONDS_AN_AUDITED * audit.images)
        trained[modality] = Trained(classifier, metrics, fresh[modality], trust, calibration, answers, audit)
    return trained


def _drawn(seeds: PhantomSeeds, recipe: DemoRecipe, what: str, tick: Tick) -> dict[Modality, PhantomArrays]:
    return phantom_arrays(
        seeds,
        recipe.phantom_size,
        recipe.input_size,
        processes=min(os.cpu_count() or 1, MOST_PROCESSES),
        tick=lambda: tick(what, SECONDS_A_CASE),
    )


def _finish(
    network: SharedNetwork, modality: Modality, recipe: DemoRecipe, seen: PhantomArrays
) -> SplitClassifier:
    """The modality's own classifier: statistics at the input size, rounded to what is stored."""
    classifier = network.classifier(modality)
    round_to_half(classifier)
    used = seen.first(recipe.statistics_per_class * len(CLASS_NAMES))
    order = np.random.default_rng(recipe.seed).permutation(len(used.labels))
    set_statistics(classifier, normalise(torch.from_numpy(used.pixels[order]), MEAN, STD))
    round_to_half(classifier)
    return classifier


def _audited(classifier: SplitClassifier, modality: Modality, recipe: DemoRecipe) -> Audit:
    """Few images and few passes: a start of the demo is not to wait long for it."""
    seeds = audit_seeds(recipe.audited_per_class)
    images = phantom_images(modality, recipe.input_size, seeds, recipe.phantom_size)
    return audit_maps(Subject(classifier, MEAN, STD, torch.device("cpu")), images, QUICK)


def write_checkpoint(
    out: Path,
    modality: Modality,
    trained: Trained,
    recipe: DemoRecipe,
    tick: Tick = lambda _what, _seconds: None,
) -> Manifest:
    """Grow the classifier, make sure that nothing changed, and write its file in one step."""
    full = grow(trained.classifier)
    difference = _largest_difference(trained, full)
    if difference > LARGEST_GROWTH_ERROR:
        raise ValueError(f"growing {modality} changed a logit by {difference:.2g}")
    manifest = with_golden(_manifest(modality, trained, recipe, difference), full, STORED_AS)
    stored = save_checkpoint(checkpoint_path(out, modality), full, manifest, STORED_AS)
    tick(f"writing {modality}", SECONDS_A_CHECKPOINT)
    return stored


def write_fusion_of(
    out: Path,
    trained: Mapping[Modality, Trained],
    stored: Mapping[Modality, Manifest],
    recipe: DemoRecipe,
    tick: Tick = lambda _what, _seconds: None,
) -> Manifest:
    """The version that joins the checkpoints whose manifests are `stored`."""
    answers = {modality: (one.calibration_answers, one.calibration) for modality, one in trained.items()}
    written = write_demo_fusion(out, cases_of(answers), stored, recipe, INTENDED_USE)
    tick("joining the modalities", SECONDS_A_FUSION)
    return written


def _largest_difference(trained: Trained, full: SplitClassifier) -> float:
    """Largest difference of a logit between the measured network and the one to be stored."""
    images = normalise(torch.from_numpy(trained.held_out.pixels[:COMPARED_IMAGES]), MEAN, STD)
    with torch.inference_mode():
        return float((trained.classifier(images) - full(images)).abs().max())


def _manifest(modality: Modality, trained: Trained, recipe: DemoRecipe, difference: float) -> Manifest:
    fresh = held_out_seeds(recipe.seed, recipe.held_out_per_class)
    return Manifest(
        name=f"demo-{modality}",
        architecture=recipe.architecture,
        modality=modality,
        input_size=recipe.input_size,
        mean=MEAN,
        std=STD,
        seed=recipe.seed,
        config=recipe.as_config(),
        dataset_fingerprint=fingerprint(recipe),
        split_protocol=f"Measured on {fresh.count} fresh phantoms ({fresh.fingerprint}), none trained on.",
        metrics=trained.metrics,
        training_commit=code_commit(),
        licence="Apache-2.0",
        intended_use=INTENDED_USE,
        limits=limits(trained, recipe),
        synthetic=True,
        created_at=datetime.now(UTC).isoformat(timespec="seconds"),
        extras={
            "phantoms": {"training": fingerprint(recipe), "held_out": fresh.fingerprint},
            "growth": {
                "trained_blocks": sum(recipe.blocks),
                "added_identity_blocks": block_count(recipe.architecture) - sum(recipe.blocks),
                "largest_logit_difference": difference,
            },
            "environment": environment(),
            **trust_as_extras(trained.trust),
            AUDIT_KEY: audit_as_json(trained.audit),
        },
    )


def limits(trained: Trained, recipe: DemoRecipe) -> list[str]:
    """What a reader must know before believing anything this version says."""
    name = recipe.architecture.replace("resnet", "ResNet")
    metrics = trained.metrics
    blocks, all_blocks = sum(recipe.blocks), block_count(recipe.architecture)
    sentences = [
        "SYNTHETIC: trained on computer-made phantoms only. It has never seen a patient's image, and what it "
        "says about one means nothing.",
        f"A {name} in shape and cost that works as a shallow one: {blocks} of its {all_blocks} blocks were "
        f"trained, the other {all_blocks - blocks} hand on their input unchanged.",
        f"Its metrics were measured on {metrics['images']} fresh phantoms of the same generator: they show "
        "that the software works, not that lymph nodes can be told apart.",
        f"Calibrated on phantoms: {trained.calibration.images} of the same generator. Every real image is "
        "unlike what it was trained on.",
    ]
    if not reaches_goals(metrics):
        sentences.append(
            "Below the project's goals for a demo version (AUC 0.85, map energy 1.7 times the area)."
        )
    return sentences
