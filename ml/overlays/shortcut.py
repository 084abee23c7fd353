"""Does the meter tell models that read a planted text from models that don't? Trains both, on phantoms.

Every phantom carries a ward's name. In the shortcut's world it gives the class away; in the other it says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ml.data.augmentation import Augmentation
from ml.demo.network import SharedNetwork
from ml.demo.phantom_arrays import phantom_arrays
from ml.demo.phantom_seeds import calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, Phase, read_recipe
from ml.demo.training import train
from ml.demo.trust import answers_and_vectors
from ml.metrics import auc_ovr, softmax
from ml.overlays.find import find_overlays
from ml.overlays.mask import masked
from ml.overlays.reliance import RELIES_FROM
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import MODALITIES, Modality
from ml.transforms import resize_uint8
from ml.trust.fit import Answers, fit_temperature

CLEAN, SHORTCUT = 0.0, 1.0  # share of phantoms whose ward's name is their class's own, beyond chance
SIDE_PX, STEPS, BATCH = 64, 150, 32
TRAINING_PER_CLASS, CALIBRATION_PER_CLASS = 100, 20
FIRST_SEED = 3100  # of the recipe: no other command's phantoms

Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Unseen phantoms of one modality, as they are and with everything burned in painted over."""

    pixels: Pixels
    without_text: Pixels
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Trial:
    """One model on unseen phantoms of the shortcut's world: by image, how far its answer moved (0..1)."""

    seed: int
    planted: bool
    auc: float | None
    auc_without_text: float | None
    temperature: float
    moved: list[float]

    @property
    def flagged(self) -> float:
        return float((np.array(self.moved) >= RELIES_FROM).mean())

    def as_json(self) -> dict[str, Any]:
        moved = [round(value, 4) for value in self.moved]
        return asdict(self) | {"moved": moved, "flagged": round(self.flagged, 4)}


def recipe_of(seed: int) -> DemoRecipe:
    """The small demo's recipe where the names can be seen; it teaches classes only, not where to look."""
    phase = Phase(SIDE_PX, STEPS, BATCH, learning_rate=1e-3, outside_penalty=0.0)
    return replace(
        read_recipe(tiny=True),
        seed=FIRST_SEED + seed,
        input_size=SIDE_PX,
        phantom_size=(256, 192),
        cases_per_class=TRAINING_PER_CLASS,
        mask_weight=0.0,
        phases=(phase,),
        augmentation=Augmentation(shift=0.05, gain=0.2),  # no mirror: names read one way
    )


def trials(seeds: int, per_class: int, say: Callable[[str], object]) -> Iterator[Trial]:
    """A clean and a planted model for each seed, both on the same unseen phantoms."""
    torch.set_num_threads(1)  # small tensors gain nothing from more
    for seed in range(seeds):
        recipe = recipe_of(seed)
        worlds = _unseen(recipe, per_class)
        for planted in (True, False):
            trial = _trial(recipe, seed, planted, worlds)
            say(f"seed {seed}, {'planted' if planted else 'clean'}: {trial.flagged:.1%} flagged")
            yield trial


def _trial(recipe: DemoRecipe, seed: int, planted: bool, worlds: dict[Modality, World]) -> Trial:
    share = SHORTCUT if planted else CLEAN
    seeds = training_seeds(recipe.seed, recipe.cases_per_class)
    data = phantom_arrays(seeds, recipe.phantom_size, recipe.input_size, shortcut=share)
    network = train(data, recipe, lambda _phase: None)
    temperature = _temperature(network, recipe, share)
    pairs, labels = [], []
    for modality, world in worlds.items():
        model = network.classifier(modality)
        pairs.append([softmax(answers_and_vectors(model, pixels)[0] / temperature)
                      for pixels in (world.pixels, world.without_text)])  # fmt: skip
        labels.append(world.labels)
    first, second = (np.concatenate(column) for column in zip(*pairs, strict=True))
    every = np.concatenate(labels)
    moved = np.abs(first - second).sum(axis=1) / 2
    return Trial(seed, planted, auc_ovr(every, first), auc_ovr(every, second), temperature, moved.tolist())


def _temperature(network: SharedNetwork, recipe: DemoRecipe, share: float) -> float:
    """One for all modalities, from phantoms of the model's own world."""
    seeds = calibration_seeds(recipe.seed, CALIBRATION_PER_CLASS)
    data = phantom_arrays(seeds, recipe.phantom_size, recipe.input_size, shortcut=share)
    logits = [answers_and_vectors(network.classifier(name), data[name].pixels)[0] for name in MODALITIES]
    labels = [data[name].labels for name in MODALITIES]
    return fit_temperature(Answers(np.concatenate(logits), np.concatenate(labels)))


def _unseen(recipe: DemoRecipe, per_class: int) -> dict[Modality, World]:
    """Held-out phantoms whose ward's name is their class's own."""
    found: dict[Modality, list[tuple[Pixels, Pixels, int]]] = {name: [] for name in MODALITIES}
    seeds: PhantomSeeds = held_out_seeds(recipe.seed, per_class)
    for number, case in enumerate(render_cases(seeds, recipe.phantom_size, shortcut=SHORTCUT)):
        for modality in MODALITIES:
            image = case[modality].image
            without = masked(image, find_overlays(image).boxes)
            pair = resize_uint8(image, recipe.input_size), resize_uint8(without, recipe.input_size)
            found[modality].append((*pair, number % 3))
    return {name: World(*map(np.array, zip(*rows, strict=True))) for name, rows in found.items()}


def meter_auc(found: Sequence[Trial]) -> float:
    """Chance that an image moves a planted model further than another one moves a clean model."""
    planted, clean = (np.concatenate([one.moved for one in found if one.planted == kind])
                      for kind in (True, False))  # fmt: skip
    above = (planted[:, None] > clean[None, :]).mean()
    return float(above + (planted[:, None] == clean[None, :]).mean() / 2)


def table(found: Sequence[Trial]) -> str:
    """A row a model, in Markdown."""
    lines = [
        "| seed | text in training | AUC | AUC without text | moved, median | flagged | of images |",
        "|---|---|---|---|---|---|---|",
    ]
    for one in found:
        lines.append(
            f"| {one.seed} | {'gives the class away' if one.planted else 'says nothing'} "
            f"| {one.auc or 0:.3f} | {one.auc_without_text or 0:.3f} | {np.median(one.moved):.3f} "
            f"| {one.flagged:.1%} | {len(one.moved)} |"
        )
    return "\n".join(lines)
