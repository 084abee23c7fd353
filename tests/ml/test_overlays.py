"""What is burned in is found, and masking leaves no other pixel changed."""

import json
import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.audit.record import Figure, Part, Verdict
from ml.overlays.attention import attention_shares, sector
from ml.overlays.boxes import Box, covered
from ml.overlays.find import find_overlays
from ml.overlays.marks import marks
from ml.overlays.mask import Strength, masked
from ml.overlays.reliance import RELIES_FROM, reliance
from ml.overlays.shortcut import (
    CLEAN_FLAGGED,
    STRIP_PX,
    Looks,
    Trial,
    fitted_threshold,
    flagged_share,
    meter_auc,
    named_image,
    table,
    trials,
)
from ml.overlays.text import text_boxes
from ml.phantoms.render import render_case
from tests.real_data import REAL_DATA

SIZE = (640, 480)
KEPT = Path(__file__).resolve().parents[2] / "docs" / "results" / "text-reliance.json"


@pytest.fixture(scope="module")
def phantoms():
    """Six unseen SYNTHETIC cases in every modality."""
    cases = [render_case(3_100_000_000 + k, name, size=SIZE) for k, name in
             product(range(2), ("benign", "lymphoma", "metastatic"))]  # fmt: skip
    return [phantom for case in cases for phantom in case.values()]


def test_lines_of_print_are_found_wherever_they_stand(phantoms):
    found, of = 0, 0
    for phantom in phantoms:
        mask = covered(text_boxes(phantom.image), *SIZE)
        found += sum(mask[Box(*box).slices].mean() >= 0.8 for box in phantom.text_boxes)
        of += len(phantom.text_boxes)
    assert found / of >= 0.95


def test_numbers_over_the_colours_of_stiffness_are_found():
    """The detector loses most of them in colour."""
    phantom = render_case(3_302_000_010, "lymphoma", size=(1024, 768))["elastography"]
    mask = covered(text_boxes(phantom.image), 1024, 768)
    assert all(mask[Box(*line).slices].mean() >= 0.8 for line in phantom.text_boxes)


def test_a_picture_without_print_has_none():
    grain = np.random.default_rng(1).normal(70, 20, (480, 640, 1)).clip(0, 255).repeat(3, axis=2)
    found = find_overlays(Image.fromarray(grain.astype(np.uint8)))
    assert found.boxes == []


def test_crosses_are_callipers_and_no_text(phantoms):
    crosses, found = [], []
    for phantom in phantoms:
        overlays = find_overlays(phantom.image)
        large = [Box(*box) for box in phantom.calliper_boxes if box[2] >= 5]
        crosses += [any(cross.shared(one) for one in overlays.callipers) for cross in large]
        found += [any(one.shared(cross) for cross in large) for one in overlays.callipers]
    assert crosses
    assert np.mean(crosses) >= 0.8
    assert not found or np.mean(found) >= 0.9


def test_bars_are_found_beside_the_field_and_nowhere_else(phantoms):
    found = [(phantom, bar) for phantom in phantoms for bar in marks(phantom.image).bars]
    assert len(found) >= len(phantoms) / 2
    assert all(bar.height > 3 * bar.width and not phantom.mask[bar.slices].any() for phantom, bar in found)


@pytest.mark.parametrize("strength", Strength)
def test_no_pixel_outside_of_the_boxes_changes(phantoms, strength):
    boxes = [Box(20, 20, 80, 14), Box(600, 470, 200, 60)]
    before = np.asarray(phantoms[0].image)
    after = np.asarray(masked(phantoms[0].image, boxes, strength))
    mask = covered(boxes, *SIZE)
    assert (before[~mask] == after[~mask]).all()
    assert (before[mask] != after[mask]).any()


def test_what_is_erased_has_no_say_in_what_is_left():
    """Two pictures that differ inside the box alone are the same afterwards."""
    rng = np.random.default_rng(2)
    one = rng.integers(0, 255, (90, 120, 3), dtype=np.uint8)
    other = one.copy()
    box = Box(10, 10, 50, 20)
    other[box.slices] = rng.integers(0, 255, (20, 50, 3), dtype=np.uint8)
    pictures = [masked(Image.fromarray(pixels), [box], Strength.ERASE) for pixels in (one, other)]
    assert pictures[0].tobytes() == pictures[1].tobytes()


def test_after_masking_the_finder_finds_next_to_none_of_the_lines(phantoms):
    lines = left = 0
    for phantom in phantoms:
        without = masked(phantom.image, text_boxes(phantom.image))
        again = covered(text_boxes(without), *SIZE)
        lines += len(phantom.text_boxes)
        left += sum(bool(again[Box(*line).slices].mean() >= 0.5) for line in phantom.text_boxes)
    assert left / lines <= 0.03


def test_finding_needs_no_torch_no_telemetry_and_no_network():
    script = """
import socket, sys
def refuse(*_args): raise AssertionError("a connection")
socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse
from PIL import Image, ImageDraw
from ml.overlays.find import find_overlays
image = Image.new("RGB", (400, 300)); ImageDraw.Draw(image).text((30, 40), "NAME 12345", font_size=20)
assert find_overlays(image).text, "nothing found"
assert "torch" not in sys.modules and sys.modules["openvino_telemetry"] is None
"""
    done = subprocess.run(
        [sys.executable, "-c", script], check=False, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(not (REAL_DATA / "auli").is_dir(), reason="no real images (REAL_DATA_DIR)")
def test_real_images_keep_the_middle_of_the_picture():
    files = sorted((REAL_DATA / "auli").rglob("*.jpg"))[::60]
    shares = []
    for path in files:
        with Image.open(path) as image:
            rgb = image.convert("RGB")
        shares.append(covered(find_overlays(rgb).boxes, *rgb.size).mean())
    assert np.mean(shares) < 0.02


def test_the_meter_is_the_probability_that_moved():
    first = {"benign": 0.7, "lymphoma": 0.2, "metastatic": 0.1}
    assert reliance(first, first) == 0.0
    assert reliance(first, {"benign": 0.2, "lymphoma": 0.2, "metastatic": 0.6}) == pytest.approx(0.5)
    with pytest.raises(ValueError, match="same classes"):
        reliance(first, {"benign": 1.0})


def test_the_maps_energy_is_shared_out_by_place():
    pixels = np.zeros((100, 200, 3), np.uint8)
    pixels[20:90, 50:150] = 80
    levels = np.zeros((100, 200), np.uint8)
    levels[40:60, 80:100] = 30  # in the scan and in the region
    levels[0:10, 0:20] = 60  # on print, outside of the scan
    shares = attention_shares(levels, pixels, [Box(0, 0, 20, 10)], Box(70, 30, 60, 40))
    assert shares == pytest.approx((0.5, 0.5, 0.5))
    assert attention_shares(np.zeros_like(levels), pixels, [], None) is None


def test_the_sector_is_most_of_the_scan_and_little_of_the_screen(phantoms):
    for phantom in phantoms[::3]:
        found = sector(np.asarray(phantom.image))
        assert found[phantom.mask].mean() > 0.99


def looks(moved):
    """Two looks at images of the first class between which so much probability moved."""
    first = np.tile([1.0, 0.0, 0.0], (len(moved), 1))
    without = np.stack([1 - np.array(moved), np.array(moved), np.zeros(len(moved))], axis=1)
    return Looks(np.arange(len(moved)) % 3, first, without)


def trial(*, planted, for_threshold, unseen, change=0.0):
    figure = Figure(change, change - 0.01, change + 0.01)
    audit = Part(30, {"probability_change": figure})
    return Trial(0, planted, 1.0, looks(for_threshold), looks(unseen), audit)


def test_the_threshold_is_fitted_on_the_clean_models_images_that_judge_nothing():
    clean = trial(planted=False, for_threshold=np.arange(100) / 100, unseen=[0.6, 0.0])
    planted = trial(planted=True, for_threshold=np.full(100, 0.995), unseen=[0.7, 0.5], change=0.5)
    assert CLEAN_FLAGGED == 0.01
    assert fitted_threshold([planted, clean]) == 0.99  # which one of the hundred reaches, and two reach 0.98
    assert flagged_share([planted, clean], True, 0.5) == (2, 2)
    assert flagged_share([planted, clean], False, 0.5) == (1, 2)
    assert meter_auc([planted, clean]) == 0.75
    assert (planted.verdict, clean.verdict) == (Verdict.FAILED, Verdict.PASSED)
    rows = table([planted, clean], 0.5).splitlines()
    assert "2 of 2" in rows[2]
    assert rows[2].endswith("failed |")
    assert "1 of 2" in rows[3]
    assert rows[3].endswith("passed |")


def test_the_meters_threshold_is_the_one_that_the_kept_trial_fitted():
    figures = json.loads(KEPT.read_text())["figures"]
    clean = np.concatenate([m["for_threshold"]["moved"] for m in figures["models"] if not m["planted"]])
    assert figures["threshold"] == RELIES_FROM
    assert (clean >= RELIES_FROM).mean() <= CLEAN_FLAGGED < (clean >= RELIES_FROM - 0.01).mean()


@pytest.mark.parametrize("ward", range(3))
def test_painted_over_a_wards_name_in_the_strip_leaves_no_trace(ward):
    image = named_image(render_case(3_100_000_100, "benign", modalities=["2d"])["2d"], ward)
    strip = np.asarray(image)[:STRIP_PX]
    without = np.asarray(masked(image, find_overlays(image).boxes))[:STRIP_PX]
    assert strip.max() > 200
    assert without.max() < 40


@pytest.mark.long
def test_a_model_that_learned_the_wards_name_is_told_from_one_that_did_not():
    found = list(trials(seeds=1, per_class=8, say=lambda _words: None))
    planted, clean = found
    assert planted.unseen.aucs[0] > 0.95
    assert abs(planted.unseen.aucs[1] - 0.5) < 0.25
    assert clean.unseen.aucs[0] > 0.8
    assert meter_auc(found) >= 0.95
    assert (planted.verdict, clean.verdict) == (Verdict.FAILED, Verdict.PASSED)
