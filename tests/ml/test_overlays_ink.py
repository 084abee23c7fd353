"""Lines that the detector misses are found by the ink of the others, and tissue is left alone."""

import io

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont

from ml.overlays.boxes import Box, covered
from ml.overlays.ink import inks, lines_missed

SIZE = (320, 240)
TEAL = (120, 220, 225)
LINES = ("FR 34", "Frq 11.2", "Gn 55", "2.0")


def drawn(ink: tuple[int, int, int] = TEAL) -> tuple[Image.Image, list[Box]]:
    """Speckle with four lines in one ink, and their boxes with the room that the detector leaves."""
    grain = np.random.default_rng(3).normal(90, 25, (SIZE[1], SIZE[0], 1)).clip(0, 255).repeat(3, axis=2)
    image = Image.fromarray(grain.astype(np.uint8))
    font, boxes = ImageFont.load_default(18), []
    for row, words in enumerate(LINES):
        left, top, right, bottom = ImageDraw.Draw(image).textbbox((30, 20 + 50 * row), words, font=font)
        ImageDraw.Draw(image).text((30, 20 + 50 * row), words, font=font, fill=ink)
        boxes.append(Box(int(left), int(top), int(right - left), int(bottom - top)).grown(4))
    return image, boxes


def found(image: Image.Image, sure: list[Box]) -> list[Box]:
    return lines_missed(np.asarray(image), sure)


@pytest.mark.parametrize("ink", [TEAL, (235, 235, 235), (240, 225, 120)])
def test_a_line_in_the_ink_of_others_is_found_whole_and_nothing_else(ink):
    image, boxes = drawn(ink)
    missed = found(image, boxes[:3])
    number = boxes[3].grown(-4)
    assert covered(missed, *SIZE)[number.slices].mean() >= 0.8
    assert all(box.shared(boxes[3].grown(6)) == box.area for box in missed)


def test_one_line_makes_no_ink():
    image, boxes = drawn()
    assert inks(np.asarray(image), boxes[:1]) == []
    assert found(image, boxes[:1]) == []


def test_tissue_as_bright_as_the_ink_is_no_print():
    """Bright layers of tissue have the ink's colour here and there, and its neighbours everywhere."""
    image, boxes = drawn((200, 200, 200))
    pixels = np.asarray(image).copy()
    layer = np.random.default_rng(4).normal(200, 12, (14, 150, 1)).clip(0, 255).repeat(3, axis=2)
    pixels[100:114, 150:300] = layer
    missed = found(Image.fromarray(pixels), boxes[:3])
    assert missed
    assert not covered(missed, *SIZE)[100:114, 150:300].any()


def test_ink_that_compression_has_blurred_is_not_guessed_at():
    image, boxes = drawn()
    compressed = io.BytesIO()
    image.save(compressed, "JPEG", quality=40)
    again = Image.open(compressed).convert("RGB")
    assert inks(np.asarray(again), boxes[:3]) == []
