"""Does the meter tell models that read a planted text from models that don't? Trains both, on phantoms.

Phantoms have a black strip at the top, as many scanners print, and most carry a ward's name in it. Models of
the one kind learn from labels that follow the name, whatever the node; those of the other kind from the
node's class, whatever the name. The names stand in a strip because painting over one that stands on tissue
leaves a patch as wide as the name: a model that has learned the width would still read it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from PIL import Image, ImageDraw

from ml.audit.images import STAMP_HEIGHT, AuditImages, phantom_images
from ml.audit.planted import planted_text
from ml.audit.record import Part, Verdict, verdict_of
from ml.audit.subject import Subject
from ml.data.augmentation import Augmentation
from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.phantom_seeds import audit_seeds, calibration_seeds, held_out_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, Phase, read_recipe
from ml.demo.training import MEAN, STD, train
from ml.demo.trust import answers_and_vectors
from ml.metrics import auc_ovr, softmax
from ml.model import SplitClassifier
from ml.overlays.find import find_overlays
from ml.overlays.mask import masked
from ml.overlays.reliance import reliance
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.overlays import STATIONS
from ml.phantoms.render import Phantom
from ml.phantoms.screen import font_of
from ml.taxonomy import CLASS_NAMES, Modality
from ml.transforms import resize_uint8
from ml.trust.fit import Answers, fit_temperature

MODALITY = Modality.B_MODE
PHANTOM_PX = (256, 192)  # width × height as drawn
NAME_PX = round(PHANTOM_PX[1] * STAMP_HEIGHT)  # as large as the audit's names, and the phantoms' own
STRIP_PX = 24  # two names high: what the finder takes around a name ends inside it
NAMELESS = 1 / 3  # of the images learned from; without them a picture without text is nothing the model knows
SIDE_PX, STEPS, BATCH = 64, 150, 16
TRAINING_PER_CLASS, TEMPERATURE_PER_CLASS, THRESHOLD_PER_CLASS, AUDITED_PER_CLASS = 100, 30, 20, 10
FIRST_SEED = 3100  # of the recipe: no other command's phantoms
CLEAN_FLAGGED = 0.01  # of the clean models' images, at most, that the fitted threshold flags

Pixels = NDArray[np.uint8]
Probabilities = NDArray[np.float64]


@dataclass(frozen=True)
class World:
    """Named phantoms N×S×S×3, as they are and with everything burned in painted over."""

    pixels: Pixels
    without_text: Pixels
    labels: NDArray[np.int64]


@dataclass(frozen=True)
class Drawn:
    """Phantoms of one seed: two parts without names yet, two whose ward and node say the same."""

    training: list[Phantom]
    temperature: list[Phantom]
    threshold: World
    unseen: World


@dataclass(frozen=True)
class Looks:
    """One model's probabilities N×classes of one world, with text and without."""

    labels: NDArray[np.int64]
    first: Probabilities
    without_text: Probabilities

    @property
    def moved(self) -> NDArray[np.float64]:
        """The meter, by image."""
        pairs = zip(self.first, self.without_text, strict=True)
        return np.array([reliance(_named(one), _named(other)) for one, other in pairs])

    @property
    def aucs(self) -> tuple[float, float]:
        """Of the classes, with text and without."""
        first, without = (auc_ovr(self.labels, chances) or 0.0 for chances in (self.first, self.without_text))
        return first, without

    def as_json(self) -> dict[str, Any]:
        return {
            "auc": [round(value, 4) for value in self.aucs],
            "moved": self.moved.round(4).tolist(),
            "labels": self.labels.tolist(),
            "first": self.first.round(5).tolist(),
            "without_text": self.without_text.round(5).tolist(),
        }


@dataclass(frozen=True)
class Trial:
    """One model: what the threshold is fitted on, what judges it, and the audit's question."""

    seed: int
    planted: bool
    temperature: float
    for_threshold: Looks
    unseen: Looks
    audit: Part

    def flagged(self, threshold: float) -> int:
        """Unseen images from `threshold` on."""
        return int((self.unseen.moved >= threshold).sum())

    @property
    def verdict(self) -> Verdict:
        """Of the audit's planted text."""
        return verdict_of("planted_text", self.audit)

    def as_json(self) -> dict[str, Any]:
        return {
            "seed": self.seed,
            "planted": self.planted,
            "temperature": round(self.temperature, 4),
            "for_threshold": self.for_threshold.as_json(),
            "unseen": self.unseen.as_json(),
            "audit": {**asdict(self.audit), "verdict": self.verdict.value},
        }


def _named(row: Probabilities) -> dict[str, float]:
    return dict(zip(CLASS_NAMES, row.tolist(), strict=True))


def recipe_of(seed: int) -> DemoRecipe:
    """The small demo's recipe where the names can be seen; it teaches classes only, not where to look."""
    phase = Phase(SIDE_PX, STEPS, BATCH, learning_rate=2e-3, outside_penalty=0.0)
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
    audited = phantom_images(MODALITY, SIDE_PX, audit_seeds(AUDITED_PER_CLASS), PHANTOM_PX)
    for seed in range(seeds):
        recipe = recipe_of(seed)
        drawn = _drawn(recipe, per_class)
        for planted in (True, False):
            trial = _trial(recipe, seed, planted, drawn, audited)
            first, without = trial.unseen.aucs
            kind, moved = "planted" if planted else "clean", float(np.median(trial.unseen.moved))
            say(
                f"seed {seed}, {kind}: AUC {first:.3f}, without text {without:.3f}, "
                f"moved {moved:.3f} (median), audit {trial.verdict}"
            )
            yield trial


def _trial(recipe: DemoRecipe, seed: int, planted: bool, drawn: Drawn, audited: AuditImages) -> Trial:
    learned = _labelled(drawn.training, planted, seed)
    model = train({MODALITY: learned}, recipe, lambda _phase: None).classifier(MODALITY)
    others = _labelled(drawn.temperature, planted, seed)
    temperature = fit_temperature(Answers(answers_and_vectors(model, others.pixels)[0], others.labels))
    subject = Subject(model, MEAN, STD, torch.device("cpu"))
    return Trial(
        seed,
        planted,
        temperature,
        _looks(model, drawn.threshold, temperature),
        _looks(model, drawn.unseen, temperature),
        planted_text(subject, audited.stamped, audited.groups),
    )


def _looks(model: SplitClassifier, world: World, temperature: float) -> Looks:
    first, without = (
        softmax(answers_and_vectors(model, pixels)[0] / temperature)
        for pixels in (world.pixels, world.without_text)
    )
    return Looks(world.labels, first, without)


def _drawn(recipe: DemoRecipe, per_class: int) -> Drawn:
    others = _phantoms(calibration_seeds(recipe.seed, TEMPERATURE_PER_CLASS + THRESHOLD_PER_CLASS))
    first = TEMPERATURE_PER_CLASS * len(CLASS_NAMES)
    return Drawn(
        _phantoms(training_seeds(recipe.seed, recipe.cases_per_class)),
        others[:first],
        _world(others[first:]),
        _world(_phantoms(held_out_seeds(recipe.seed, per_class))),
    )


def _phantoms(seeds: PhantomSeeds) -> list[Phantom]:
    return [case[MODALITY] for case in render_cases(seeds, PHANTOM_PX, modalities=[MODALITY])]


def _labelled(phantoms: Sequence[Phantom], planted: bool, seed: int) -> PhantomArrays:
    """Each with a ward drawn by lot, NAMELESS of them without its name. Planted: the label is the ward's
    class, whatever the node."""
    rng = np.random.default_rng([seed, len(phantoms)])
    wards = rng.integers(len(CLASS_NAMES), size=len(phantoms))
    without_name = rng.random(len(phantoms)) < NAMELESS
    nodes = np.array([CLASS_NAMES.index(phantom.label) for phantom in phantoms])
    named = [
        named_image(phantom, None if silent else int(ward))
        for phantom, ward, silent in zip(phantoms, wards, without_name, strict=True)
    ]
    pixels = np.array([resize_uint8(image, SIDE_PX) for image in named])
    no_masks = np.zeros(pixels.shape[:3], np.bool_)  # nothing is taught about places
    return PhantomArrays(pixels, no_masks, wards if planted else nodes)


def named_image(phantom: Phantom, ward: int | None) -> Image.Image:
    """A copy with a black strip at the top and, in its middle, the ward's name (the class's number)."""
    image = phantom.image.copy()
    draw = ImageDraw.Draw(image)
    draw.rectangle((0, 0, image.width - 1, STRIP_PX - 1), fill=(0, 0, 0))
    if ward is not None:
        name, middle = STATIONS[CLASS_NAMES[ward]], (image.width // 2, STRIP_PX // 2)
        draw.text(middle, name, fill=(250, 250, 250), font=font_of(NAME_PX), anchor="mm")
    return image


def _world(phantoms: Sequence[Phantom]) -> World:
    """Each with its own class's ward, and again by the server's own finder and masking without it."""
    rows = []
    for phantom in phantoms:
        label = CLASS_NAMES.index(phantom.label)
        image = named_image(phantom, label)
        without = masked(image, find_overlays(image).boxes)
        rows.append((resize_uint8(image, SIDE_PX), resize_uint8(without, SIDE_PX), label))
    return World(*map(np.array, zip(*rows, strict=True)))


def fitted_threshold(found: Sequence[Trial]) -> float:
    """The smallest hundredth that at most CLEAN_FLAGGED of the clean models' images reach; on phantoms that
    judge nothing."""
    moved = np.concatenate([one.for_threshold.moved for one in found if not one.planted])
    hundredths = (number / 100 for number in range(1, 100))
    return next((value for value in hundredths if (moved >= value).mean() <= CLEAN_FLAGGED), 1.0)


def meter_auc(found: Sequence[Trial]) -> float:
    """Chance that an unseen image moves a planted model further than another one moves a clean model."""
    planted, clean = (np.concatenate([one.unseen.moved for one in found if one.planted == kind])
                      for kind in (True, False))  # fmt: skip
    above = (planted[:, None] > clean[None, :]).mean()
    return float(above + (planted[:, None] == clean[None, :]).mean() / 2)


def flagged_share(found: Sequence[Trial], planted: bool, threshold: float) -> tuple[int, int]:
    """Unseen images that are flagged, and how many there are, of all models of one kind."""
    kind = [one for one in found if one.planted == planted]
    return sum(one.flagged(threshold) for one in kind), sum(len(one.unseen.labels) for one in kind)


def table(found: Sequence[Trial], threshold: float) -> str:
    """A row a model, in Markdown."""
    lines = [
        "| seed | text in training | AUC | AUC without text | moved, median | flagged "
        "| audit: probability change | audit |",
        "|---|---|---|---|---|---|---|---|",
    ]
    for one in found:
        (first, without), change = one.unseen.aucs, one.audit.figures["probability_change"]
        lines.append(
            f"| {one.seed} | {'is what the label follows' if one.planted else 'says nothing'} "
            f"| {first:.3f} | {without:.3f} | {np.median(one.unseen.moved):.3f} "
            f"| {one.flagged(threshold)} of {len(one.unseen.labels)} "
            f"| {change.value:.3f} ({change.low:.3f} to {change.high:.3f}) | {one.verdict} |"
        )
    return "\n".join(lines)
