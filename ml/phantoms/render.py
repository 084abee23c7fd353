"""One phantom case: the same node seen in grey scale, in colour Doppler and in strain elastography."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from PIL import Image

from ml.phantoms import doppler, elastography, overlays
from ml.phantoms.bmode import Scanner, bmode, scanner_settings
from ml.phantoms.features import NodeFeatures, node_features
from ml.phantoms.noise import BoolArray, FloatArray
from ml.phantoms.scene import Scene, scene_of
from ml.phantoms.screen import Box, Canvas, Layout, layout_of
from ml.taxonomy import CLASS_NAMES, MODALITIES, Modality

PHANTOM_VERSION = 1
DEFAULT_SIZE = (256, 192)
MIN_SIDE_PX = 64

Corners = list[tuple[float, float]]


@dataclass(frozen=True)
class Phantom:
    """One synthetic image and its truth. Boxes are (x, y, width, height) in px of the image."""

    image: Image.Image
    mask: BoolArray
    text_boxes: tuple[Box, ...]
    calliper_boxes: tuple[Box, ...]
    label: str
    modality: str
    features: NodeFeatures
    meta: dict[str, str]


@dataclass(frozen=True)
class _Case:
    """What the images of one view share, and how they are to be marked."""

    class_name: str
    scene: Scene
    scanner: Scanner
    layout: Layout
    shortcut: float | None
    stamp: bool | None


def render_case(
    seed: int,
    class_name: str,
    *,
    view: int = 0,
    size: tuple[int, int] = DEFAULT_SIZE,
    modalities: Iterable[str] = MODALITIES,
    shortcut: float | None = None,
    stamp: bool | None = None,
) -> dict[str, Phantom]:
    """The case's images by modality; the same arguments give the same pixels.

    `size` is (width, height) in px. `view` is another look at the same node (another image of the patient).
    `shortcut` burns a ward's name into every image, the class's own with this probability and one at random
    otherwise. `stamp` burns the word SYNTHETIC in or leaves it out; None leaves it to chance, whatever the
    class.
    """
    _check(seed, class_name, size, shortcut)
    key = [PHANTOM_VERSION, seed, CLASS_NAMES.index(class_name)]
    rng = np.random.default_rng(key)
    features, scanner, layout = node_features(rng, class_name), scanner_settings(rng), layout_of(rng, size)
    field = layout.field(float(rng.uniform(33, 39)))
    scene = scene_of(np.random.default_rng([*key, view]), features, field)
    case = _Case(class_name, scene, scanner, layout, shortcut, stamp)
    phantoms = {}
    for modality in map(Modality, modalities):
        number = MODALITIES.index(modality)
        meta = _meta(f"seed={seed} view={view} class={class_name} modality={modality}", features)
        phantoms[str(modality)] = _render(
            np.random.default_rng([*key, view, 1 + number]), case, modality, meta
        )
    return phantoms


def _check(seed: int, class_name: str, size: tuple[int, int], shortcut: float | None) -> None:
    if class_name not in CLASS_NAMES:
        raise ValueError(f"unknown class {class_name!r}: one of {', '.join(CLASS_NAMES)}")
    if seed < 0:
        raise ValueError("a phantom's seed is 0 or more")
    if min(size) < MIN_SIDE_PX:
        raise ValueError(f"a phantom's sides are at least {MIN_SIDE_PX} px")
    if shortcut is not None and not 0.0 <= shortcut <= 1.0:
        raise ValueError("shortcut is a probability between 0 and 1")


def _meta(recipe: str, node: NodeFeatures) -> dict[str, str]:
    """Text that goes into the file, so that nobody takes it for a patient's picture."""
    return {
        "SYNTHETIC": "SYNTHETIC: computer-made phantom, not a patient. CV4LymphNode, Apache-2.0.",
        "Software": f"CV4LymphNode phantoms version {PHANTOM_VERSION}",
        "Phantom": recipe,
        "Features": (
            f"long_mm={node.long_mm:.1f} short_mm={node.short_mm:.1f} hilum={int(node.hilum)} "
            f"flow={node.flow} asteria={node.asteria}"
        ),
    }


def _render(rng: np.random.Generator, case: _Case, modality: Modality, meta: dict[str, str]) -> Phantom:
    scene, layout = case.scene, case.layout
    tint = np.asarray(case.scanner.tint, dtype=np.float32) * np.float32(255)
    pixels = bmode(rng, scene, case.scanner)[..., None] * tint
    mask = (scene.rho < 1.0) & scene.field.inside
    pixels, corners = _coloured(rng, modality, pixels, scene)
    canvas = _canvas(layout, pixels, mask)
    if corners:
        left, top = layout.place[:2]
        overlays.burn_box(canvas, [(left + x, top + y) for x, y in corners], modality)
    _burn(rng, canvas, case, modality)
    return Phantom(
        image=canvas.image,
        mask=_framed(layout, mask),
        text_boxes=tuple(canvas.text_boxes),
        calliper_boxes=tuple(canvas.calliper_boxes),
        label=case.class_name,
        modality=str(modality),
        features=scene.features,
        meta=meta,
    )


def _coloured(
    rng: np.random.Generator, modality: Modality, pixels: FloatArray, scene: Scene
) -> tuple[FloatArray, Corners]:
    """The grey picture with the modality's colours in its box, and the box's corners in field px."""
    if modality == Modality.B_MODE:
        return pixels, []
    box, corners = _colour_box(rng, scene, steered=modality == Modality.CDFI)
    if modality == Modality.CDFI:
        power, velocity = doppler.flow_maps(rng, scene)
        shown = box & (power > 0.38)
        pixels = pixels * np.float32(0.88)
        pixels[shown] = doppler.velocity_colours(velocity[shown]) * np.float32(0.92)
        return pixels, corners
    opacity = np.float32(rng.uniform(0.45, 0.68))
    colours, grey = elastography.stiffness_colours(elastography.stiffness_map(rng, scene)[box]), pixels[box]
    pixels[box] = colours * (0.55 + 0.45 * np.minimum(grey / 140.0, 1.0)) * opacity + grey * (1 - opacity)
    return pixels, corners


def _colour_box(rng: np.random.Generator, scene: Scene, *, steered: bool) -> tuple[BoolArray, Corners]:
    """A box around the node with some room, upright or (Doppler) slanted."""
    field, node = scene.field, scene.anatomy.node
    (cx, cy), (hx, hy) = node.centre, node.half_extent
    left, right = (
        max(0.6, cx - hx - rng.uniform(0.8, 4.5)),
        min(field.width_mm - 0.6, cx + hx + rng.uniform(0.8, 4.5)),
    )
    top, bottom = (
        max(0.6, cy - hy - rng.uniform(0.8, 3.5)),
        min(field.height_mm - 0.6, cy + hy + rng.uniform(0.8, 3.5)),
    )
    room = min(left, field.width_mm - right) / (max(cy - top, bottom - cy) + 1e-6)
    slant = float(np.clip(rng.choice((-0.3, 0.0, 0.3), p=(0.25, 0.5, 0.25)), -room, room)) if steered else 0.0
    shift = slant * (field.y - cy)
    inside = (field.x > left + shift) & (field.x < right + shift) & (field.y > top) & (field.y < bottom)
    corners = [(left, top), (right, top), (right, bottom), (left, bottom)]
    return inside & field.inside, [
        ((x + slant * (y - cy)) / field.mm_per_px, y / field.mm_per_px) for x, y in corners
    ]


def _canvas(layout: Layout, pixels: FloatArray, mask: BoolArray) -> Canvas:
    """The frame with the field pasted in, and the node's bounding box to keep clear of print."""
    frame = Image.new("RGB", (layout.width, layout.height))
    frame.paste(Image.fromarray(np.clip(pixels, 0, 255).astype(np.uint8)), layout.place[:2])
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    x, y = layout.place[0] + int(columns[0]), layout.place[1] + int(rows[0])
    return Canvas(frame, layout, (x, y, int(np.ptp(columns)) + 1, int(np.ptp(rows)) + 1))


def _framed(layout: Layout, mask: BoolArray) -> BoolArray:
    """The field's mask in the frame."""
    framed = np.zeros((layout.height, layout.width), dtype=bool)
    x, y, width, height = layout.place
    framed[y : y + height, x : x + width] = mask
    return framed


def _burn(rng: np.random.Generator, canvas: Canvas, case: _Case, modality: Modality) -> None:
    """Everything that is print; the shortcut first so that it always finds room."""
    if case.shortcut is not None:
        overlays.burn_station(rng, canvas, case.class_name, case.shortcut)
    if case.stamp or (case.stamp is None and rng.random() < 0.5):
        overlays.burn_stamp(canvas)
    overlays.burn_bar(rng, canvas, modality)
    if rng.random() < (0.40 if modality == Modality.B_MODE else 0.15):
        overlays.burn_callipers(rng, canvas, case.scene.field, case.scene.anatomy.node)
    overlays.burn_depth_marks(rng, canvas, case.scene.field)
    if rng.random() < 0.85:
        overlays.burn_settings(rng, canvas, modality)
