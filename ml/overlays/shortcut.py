"""Does the meter tell models that read a planted text from models that don't? Trains both, on phantoms.

Every phantom carries a ward's name. In the shortcut's world it gives the class away; in the other it says
nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from ml.data.augmentation import Augmentation
from ml.demo.phantom_arrays import PhantomArrays, phantom_arrays
from ml.demo.phantom_seeds import calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, Phase, read_recipe
from ml.demo.training import train
from ml.demo.trust import answers_and_vectors
from ml.metrics import auc_ovr, softmax
from ml.overlays.find import find_overlays
from ml.overlays.mask import masked
from ml.overlays.reliance import RELIES_FROM, reliance
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import resize_uint8
from ml.trust.fit import Answers, fit_temperature

CLEAN, SHORTCUT = 0.0, 1.0  # share of phantoms whose ward's name is their class's own, beyond chance
MODALITY = Modality.B_MODE
PHANTOM_PX = (256, 192)  # width × height as drawn
SIDE_PX, STEPS, BATCH = 80, 140, 24
TRAINING_PER_CLASS, CALIBRATION_PER_CLASS = 120, 30
FIRST_SEED = 3100  # of the recipe: no other command's phantoms

Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Unseen phantoms, as they are and with everything burned in painted over."""

    pixels: Pixels
    without_text: Pixels
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Trial:
    """One model on unseen phantoms of the shortcut's world; N×classes probabilities of both looks."""

    seed: int
    planted: bool
    temperature: float
    labels: NDArray[np.int64]
    first: Probabilities
    without_text: Probabilities

    @property
    def moved(self) -> NDArray[np.float64]:
        """The meter, by image."""
        pairs = zip(self.first, self.without_text, strict=True)
        return np.array([reliance(_named(one), _named(other)) for one, other in pairs])

    @property
    def flagged(self) -> float:
        return float((self.moved >= RELIES_FROM).mean())

    @property
    def aucs(self) -> tuple[float, float]:
        """Of the classes, with text and without."""
        return tuple(auc_ovr(self.labels, chances) or 0.0 for chances in (self.first, self.without_text))  # type: ignore[return-value]

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "planted": self.planted,
            "temperature": round(self.temperature, 4),
            "auc": [round(value, 4) for value in self.aucs],
            "flagged": round(self.flagged, 4),
            "moved": self.moved.round(4).tolist(),
            "labels": self.labels.tolist(),
            "first": self.first.round(5).tolist(),
            "without_text": self.without_text.round(5).tolist(),
        }


def _named(row: Probabilities) -> dict[str, float]:
    return dict(zip(CLASS_NAMES, row.tolist(), strict=True))


def recipe_of(seed: int) -> DemoRecipe:
    """The small demo's recipe where the names can be seen; it teaches classes only, not where to look."""
    phase = Phase(SIDE_PX, STEPS, BATCH, learning_rate=1e-3, outside_penalty=0.0)
    return replace(
        read_recipe(tiny=True),
        seed=FIRST_SEED + seed,
        input_size=SIDE_PX,
        phantom_size=PHANTOM_PX,
        cases_per_class=TRAINING_PER_CLASS,
        mask_weight=0.0,
        phases=(phase,),
        augmentation=Augmentation(shift=0.05, gain=0.2),  # no mirror: names read one way
    )


def trials(seeds: int, per_class: int, say: Callable[[str], object]) -> Iterator[Trial]:
    """A planted and a clean model for each seed, both on the same unseen phantoms."""
    torch.set_num_threads(1)  # small tensors gain nothing from more
    for seed in range(seeds):
        recipe = recipe_of(seed)
        world = _unseen(recipe, per_class)
        for planted in (True, False):
            trial = _trial(recipe, seed, planted, world)
            say(
                f"seed {seed}, {'planted' if planted else 'clean'}: AUC {trial.aucs[0]:.3f}, without text "
                f"{trial.aucs[1]:.3f}, {trial.flagged:.1%} flagged"
            )
            yield trial


def _trial(recipe: DemoRecipe, seed: int, planted: bool, world: World) -> Trial:
    share = SHORTCUT if planted else CLEAN
    data = _arrays(training_seeds(recipe.seed, recipe.cases_per_class), recipe, share)
    model = train({MODALITY: data}, recipe, lambda _phase: None).classifier(MODALITY)
    others = _arrays(calibration_seeds(recipe.seed, CALIBRATION_PER_CLASS), recipe, share)
    temperature = fit_temperature(Answers(answers_and_vectors(model, others.pixels)[0], others.labels))
    looks = [
        softmax(answers_and_vectors(model, pixels)[0] / temperature)
        for pixels in (world.pixels, world.without_text)
    ]
    return Trial(seed, planted, temperature, world.labels, *looks)


def _arrays(seeds: PhantomSeeds, recipe: DemoRecipe, share: float) -> PhantomArrays:
    size, side = recipe.phantom_size, recipe.input_size
    return phantom_arrays(seeds, size, side, modalities=[MODALITY], shortcut=share)[MODALITY]


def _unseen(recipe: DemoRecipe, per_class: int) -> World:
    """Held-out phantoms whose ward's name is their class's own."""
    rows = []
    seeds = held_out_seeds(recipe.seed, per_class)
    for case in render_cases(seeds, recipe.phantom_size, modalities=[MODALITY], shortcut=SHORTCUT):
        image = case[MODALITY].image
        without = masked(image, find_overlays(image).boxes)
        label = CLASS_NAMES.index(case[MODALITY].label)
        rows.append((resize_uint8(image, SIDE_PX), resize_uint8(without, SIDE_PX), label))
    return World(*map(np.array, zip(*rows, strict=True)))


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
            f"| {one.aucs[0]:.3f} | {one.aucs[1]:.3f} | {np.median(one.moved):.3f} "
            f"| {one.flagged:.1%} | {len(one.moved)} |"
        )
    return "\n".join(lines)
