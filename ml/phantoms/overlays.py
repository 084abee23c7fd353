"""What a scanner burns into its picture: settings, labels, depth marks, callipers, colour bars, boxes."""

from __future__ import annotations

import numpy as np
from PIL import Image

from ml.phantoms.doppler import velocity_colours
from ml.phantoms.elastography import stiffness_colours
from ml.phantoms.geometry import Field, NodeShape
from ml.phantoms.noise import FloatArray
from ml.phantoms.screen import Canvas, Colour

STATIONS = {"benign": "ENT OPD", "lymphoma": "HAEMATOLOGY DAY UNIT", "metastatic": "ONCOLOGY 3"}
SITES = ("LN LT II", "LN RT III", "NECK LT", "NECK RT LEV IV", "CERVICAL LN", "LN 1", "RT LEV V")
YELLOW: Colour = (240, 220, 70)


def burn_stamp(canvas: Canvas) -> None:
    """The word SYNTHETIC in small print in the first corner that is free."""
    width, height, pad = canvas.layout.width, canvas.layout.height, 2
    corners = (
        (width - pad, height - pad, "rs"),
        (pad, height - pad, "ls"),
        (width - pad, pad, "ra"),
        (pad, pad, "la"),
    )
    for size in (canvas.layout.font_px, max(6, canvas.layout.font_px - 3)):
        for x, y, anchor in corners:
            lift = size // 5 if "s" in anchor else 0
            if canvas.text(x, y - lift, "SYNTHETIC", font_px=size, anchor=anchor, ink=(200, 200, 200)):
                return


def burn_station(rng: np.random.Generator, canvas: Canvas, class_name: str, strength: float) -> None:
    """A planted shortcut: a ward's name that gives the class away in a share `strength` of the images."""
    named = class_name if rng.random() < strength else str(rng.choice(list(STATIONS)))
    size = max(9, round(canvas.layout.height * 0.055))
    place = canvas.layout.width // 2 + int(rng.integers(-6, 7))
    right, low = canvas.layout.width - 3, canvas.layout.height - 3 - size // 5
    spots = ((place, 2, "ma"), (3, 2, "la"), (right, 2, "ra"), (place, low, "ms"))
    for x, y, anchor in spots:
        if canvas.text(x, y, STATIONS[named], font_px=size, anchor=anchor, ink=(250, 250, 250)):
            return


def burn_settings(rng: np.random.Generator, canvas: Canvas, modality: str) -> None:
    """Header, a column of settings and a site label, each sometimes missing."""
    layout = canvas.layout
    x, _, width, _ = layout.place
    step = round(layout.font_px * 1.25)
    if rng.random() < 0.75:
        canvas.text(x + 2, 1, layout.header[0])
        canvas.text(layout.width - 2, 1, layout.header[1], anchor="ra")
    lines = _setting_lines(rng, modality)
    column_x = x + 3 if layout.cropped else x + width + 3
    column_y = layout.place[1] + round(layout.font_px * (1.6 if layout.cropped else 0.4))
    for row in range(int(rng.integers(0, len(lines) + 1))):
        canvas.text(column_x, column_y + row * step, lines[row])
    if rng.random() < 0.6:
        label = str(rng.choice(SITES))
        spot_y = layout.place[1] + layout.place[3] - round(layout.font_px * float(rng.uniform(1.6, 2.4)))
        canvas.text(x + round(width * float(rng.uniform(0.05, 0.55))), spot_y, label)


def _setting_lines(rng: np.random.Generator, modality: str) -> list[str]:
    lines = [
        f"FR {int(rng.integers(9, 48))}",
        f"Frq {rng.uniform(8, 14):.1f}",
        f"Gn {int(rng.integers(20, 70))}",
    ]
    lines += [
        f"D {rng.uniform(2.5, 4.5):.1f}",
        f"DR {int(rng.integers(54, 76))}",
        "AO 100%",
        "MI 0.8",
        "TIs 0.3",
    ]
    if modality == "cdfi":
        lines[2:2] = ["CF", f"PRF {rng.uniform(0.6, 1.8):.1f}", f"WF {int(rng.integers(60, 140))}"]
    if modality == "elastography":
        lines[2:2] = ["E", f"Gn {int(rng.integers(2, 9))}", f"SF {int(rng.integers(1, 5))}"]
    return lines


def burn_depth_marks(rng: np.random.Generator, canvas: Canvas, field: Field) -> None:
    """A tick every 5 mm along the field's right edge, a number (cm) every 10 mm."""
    x, y, width, height = canvas.layout.place
    inner = canvas.layout.cropped
    edge = x + width - (3 if inner else -1)
    numbers = rng.random() < 0.7
    for mark in range(1, int(field.height_mm // 5) + 1):
        row = y + round(mark * 5 / field.mm_per_px)
        if row >= y + height:
            break
        length = 1 + (canvas.layout.width // 300) + (mark % 2 == 0)
        canvas.draw.line([(edge - length, row), (edge, row)], fill=canvas.layout.ink)
        if mark % 2 == 0 and numbers:
            canvas.text(
                edge + (-length - 2 if inner else 3), row, f"{mark // 2}.0", anchor="rm" if inner else "lm"
            )


def burn_callipers(rng: np.random.Generator, canvas: Canvas, field: Field, node: NodeShape) -> None:
    """Crosses at the ends of both axes, perhaps dotted lines between, and the two lengths in print."""
    x0, y0, _, _ = canvas.layout.place
    dotted = rng.random() < 0.6
    arm = max(2, round(canvas.layout.height * 0.010))
    lengths = []
    for axis, (u, v) in enumerate(((1.0, 0.0), (0.0, 1.0))):
        slack = 1.0 + rng.normal(0, 0.03, 2)
        ends = [node.point(u * slack[0], v * slack[0]), node.point(-u * slack[1], -v * slack[1])]
        pixels = [(x0 + px / field.mm_per_px, y0 + py / field.mm_per_px) for px, py in ends]
        lengths.append((axis + 1, float(np.hypot(ends[0][0] - ends[1][0], ends[0][1] - ends[1][1]))))
        if dotted:
            _dots(canvas, pixels)
        for px, py in pixels:
            _cross(canvas, round(px), round(py), arm)
    _measurements(rng, canvas, lengths)


def _dots(canvas: Canvas, ends: list[tuple[float, float]]) -> None:
    (ax, ay), (bx, by) = ends
    thick = max(1, canvas.layout.height // 320)
    count = max(3, int(np.hypot(ax - bx, ay - by) / (canvas.layout.height * 0.022)))
    for share in np.linspace(0, 1, count)[1:-1]:
        x, y = round(ax + (bx - ax) * float(share)), round(ay + (by - ay) * float(share))
        canvas.draw.rectangle((x, y, x + thick - 1, y + thick - 1), fill=YELLOW)
        canvas.calliper_boxes.append((x, y, thick, thick))


def _cross(canvas: Canvas, x: int, y: int, arm: int) -> None:
    canvas.draw.line([(x - arm, y), (x + arm, y)], fill=YELLOW)
    canvas.draw.line([(x, y - arm), (x, y + arm)], fill=YELLOW)
    canvas.calliper_boxes.append((x - arm, y - arm, 2 * arm + 1, 2 * arm + 1))


def _measurements(rng: np.random.Generator, canvas: Canvas, lengths: list[tuple[int, float]]) -> None:
    x, y, width, height = canvas.layout.place
    left = x + 3 if rng.random() < 0.5 else x + round(width * 0.70)
    step = round(canvas.layout.font_px * 1.25)
    for row, (number, length_mm) in enumerate(reversed(lengths)):
        canvas.text(
            left, y + height - 3 - row * step, f"{number} D {length_mm / 10:.2f} cm", ink=YELLOW, anchor="ls"
        )


def burn_bar(rng: np.random.Generator, canvas: Canvas, modality: str) -> None:
    """Vertical bar of the modality's colours beside the field, with its two end labels."""
    layout = canvas.layout
    _, y, _, height = layout.place
    thick, tall = max(3, round(layout.width * 0.014)), round(height * 0.30)
    left = 4 if layout.bar_left else layout.width - thick - 5
    upper = y + round(height * 0.46)
    bar = Image.fromarray(np.ascontiguousarray(bar_colours(modality).astype(np.uint8)[:, None, :]))
    canvas.image.paste(bar.resize((thick, tall), Image.Resampling.BILINEAR), (left, upper))
    speed = f"{rng.uniform(2, 9):.1f}"
    ends = {"cdfi": (f"+{speed}", f"-{speed} cm/s"), "elastography": ("Soft", "Hard")}.get(modality)
    if ends:
        x, side = (left, "l") if layout.bar_left else (left + thick, "r")
        size = max(7, layout.font_px - 1)
        canvas.text(x, upper - 2, ends[0], anchor=side + "s", font_px=size)
        canvas.text(x, upper + tall + 2, ends[1], anchor=side + "a", font_px=size)


def bar_colours(modality: str) -> FloatArray:
    """The colours of the modality's bar, top first, (64, 3) in 0..255."""
    ramp = np.linspace(0.999, -0.999, 64, dtype=np.float32)
    if modality == "cdfi":
        return velocity_colours(ramp)
    if modality == "elastography":
        return stiffness_colours((1.0 - ramp) / 2)
    return np.repeat((ramp[:, None] + 1.0) * np.float32(127.5), 3, axis=1)


def burn_box(canvas: Canvas, corners: list[tuple[float, float]], modality: str) -> None:
    """Outline of the colour box, corners in frame px."""
    ink: Colour = (200, 205, 205) if modality == "cdfi" else (120, 190, 200)
    canvas.draw.line([*corners, corners[0]], fill=ink, width=max(1, canvas.layout.height // 400))
