"""Does the meter tell models that read a planted text from models that don't? Trains both, on phantoms.

Every phantom carries a ward's name. Models of the one kind learn from labels that follow the name, whatever
the node; those of the other kind from the node's class, whatever the name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ml.data.augmentation import Augmentation
from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.phantom_seeds import calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, Phase, read_recipe
from ml.demo.training import train
from ml.demo.trust import answers_and_vectors
from ml.metrics import auc_ovr, softmax
from ml.overlays.find import find_overlays
from ml.overlays.mask import masked
from ml.overlays.reliance import RELIES_FROM, reliance
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.overlays import STATIONS
from ml.phantoms.render import Phantom
from ml.phantoms.screen import font_of
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import resize_uint8
from ml.trust.fit import Answers, fit_temperature

NAME_PX = 16  # height of the ward's name as drawn
MODALITY = Modality.B_MODE
PHANTOM_PX = (256, 192)  # width × height as drawn
SIDE_PX, STEPS, BATCH = 64, 90, 24
TRAINING_PER_CLASS, CALIBRATION_PER_CLASS = 70, 20
FIRST_SEED = 3100  # of the recipe: no other command's phantoms

Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class Drawn:
    """Phantoms of one seed, before a name is written into them."""

    training: list[Phantom]
    calibration: list[Phantom]


@dataclass(frozen=True)
class World:
    """Unseen phantoms, as they are and with everything burned in painted over."""

    pixels: Pixels
    without_text: Pixels
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Trial:
    """One model on unseen phantoms; N×classes probabilities of both looks."""

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
        drawn = _drawn(recipe)
        world = _unseen(recipe, per_class)
        for planted in (True, False):
            trial = _trial(recipe, seed, planted, drawn, world)
            say(
                f"seed {seed}, {'planted' if planted else 'clean'}: AUC {trial.aucs[0]:.3f}, without text "
                f"{trial.aucs[1]:.3f}, {trial.flagged:.1%} flagged"
            )
            yield trial


def _trial(recipe: DemoRecipe, seed: int, planted: bool, drawn: Drawn, world: World) -> Trial:
    learned = _labelled(drawn.training, planted, seed)
    model = train({MODALITY: learned}, recipe, lambda _phase: None).classifier(MODALITY)
    others = _labelled(drawn.calibration, planted, seed + 1)
    temperature = fit_temperature(Answers(answers_and_vectors(model, others.pixels)[0], others.labels))
    looks = [
        softmax(answers_and_vectors(model, pixels)[0] / temperature)
        for pixels in (world.pixels, world.without_text)
    ]
    return Trial(seed, planted, temperature, world.labels, *looks)


def _drawn(recipe: DemoRecipe) -> Drawn:
    return Drawn(
        _phantoms(training_seeds(recipe.seed, recipe.cases_per_class)),
        _phantoms(calibration_seeds(recipe.seed, CALIBRATION_PER_CLASS)),
    )


def _phantoms(seeds: PhantomSeeds) -> list[Phantom]:
    return [case[MODALITY] for case in render_cases(seeds, PHANTOM_PX, modalities=[MODALITY])]


def _labelled(phantoms: Sequence[Phantom], planted: bool, seed: int) -> PhantomArrays:
    """Each with a ward's name drawn by lot. Planted: the label is the ward's class, whatever the node."""
    wards = np.random.default_rng([seed, len(phantoms)]).integers(len(CLASS_NAMES), size=len(phantoms))
    nodes = np.array([CLASS_NAMES.index(phantom.label) for phantom in phantoms])
    named = [_named_image(phantom, int(ward)) for phantom, ward in zip(phantoms, wards, strict=True)]
    pixels = np.array([resize_uint8(image, SIDE_PX) for image in named])
    no_masks = np.zeros(pixels.shape[:3], np.bool_)  # nothing is taught about places
    return PhantomArrays(pixels, no_masks, wards if planted else nodes)


def _named_image(phantom: Phantom, ward: int) -> Image.Image:
    """A copy with the ward's name in the upper left corner."""
    image = phantom.image.copy()
    name = STATIONS[CLASS_NAMES[ward]]
    ImageDraw.Draw(image).text((4, 4), name, fill=(250, 250, 250), font=font_of(NAME_PX))
    return image


def _unseen(recipe: DemoRecipe, per_class: int) -> World:
    """Held-out phantoms whose ward and node say the same."""
    rows = []
    for phantom in _phantoms(held_out_seeds(recipe.seed, per_class)):
        label = CLASS_NAMES.index(phantom.label)
        image = _named_image(phantom, label)
        without = masked(image, find_overlays(image).boxes)
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
            f"| {one.seed} | {'is what the label follows' if one.planted else 'says nothing'} "
            f"| {one.aucs[0]:.3f} | {one.aucs[1]:.3f} | {np.median(one.moved):.3f} "
            f"| {one.flagged:.1%} | {len(one.moved)} |"
        )
    return "\n".join(lines)
