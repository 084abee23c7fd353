"""Golden images: made for the weights as stored, read without torch, refused when they can't be trusted."""

from __future__ import annotations

import base64
import copy
import io
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from ml.checkpoint import load_checkpoint, save_checkpoint
from ml.golden import LARGEST_TOLERANCE, MAP_TOLERANCE, TOLERANCE, read_golden
from ml.golden_make import as_stored, with_golden
from ml.manifest import FORMAT_VERSION, Manifest, ManifestError, read_manifest
from ml.model import build_model
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES


@pytest.fixture(scope="module")
def model() -> torch.nn.Module:
    torch.manual_seed(3)
    return build_model("resnet18", 3)


@pytest.fixture(scope="module")
def golden_manifest(model, make_manifest) -> Manifest:
    return with_golden(make_manifest(), model, "float32")


@pytest.mark.parametrize("dtype", ["float32", "float16"])
def test_the_stored_file_gives_the_answers_that_it_carries(model, make_manifest, tmp_path, dtype):
    """A map's tolerance is wider: each map is stretched to 0..1."""
    path = tmp_path / "golden.safetensors"
    save_checkpoint(path, model, with_golden(make_manifest(), model, dtype), dtype)
    loaded = load_checkpoint(path)
    golden = read_golden(loaded.manifest)
    assert [item.class_name for item in golden.images] == list(CLASS_NAMES)
    assert golden.tolerance == TOLERANCE
    for item in golden.images:
        result = predict(item.image, loaded)
        assert result.logits == pytest.approx(item.logits, abs=1e-5)
        assert list(result.probabilities.values()) == pytest.approx(item.probabilities, abs=1e-5)
        for name, stored in item.maps.items():
            grid = result.maps.grids[name]
            assert (stored is None) == (not grid.any())
            assert stored is None or np.abs(stored - grid).max() < MAP_TOLERANCE / 10


def test_half_precision_is_rounded_before_it_answers(model):
    weight = next(as_stored(model, "float16").parameters())
    assert torch.equal(weight, weight.half().float())
    assert not torch.equal(weight, next(model.parameters()))
    assert model.training  # the caller's model is left alone


def test_the_pictures_say_that_they_are_synthetic(golden_manifest):
    for item in golden_manifest.extras["golden"]["images"]:
        picture = Image.open(io.BytesIO(base64.b64decode(item["png"])))
        assert "SYNTHETIC" in " ".join(map(str, picture.text.values())).upper()


def test_other_classes_than_ours_have_no_golden_images(model, make_manifest):
    manifest = make_manifest(class_names=("cat", "dog"))
    assert with_golden(manifest, model, "float32") is manifest


def changed(manifest: Manifest, change: Any) -> Manifest:
    extras = copy.deepcopy(manifest.extras)
    change(extras)
    return replace(manifest, extras=extras)


def large_png() -> str:
    buffer = io.BytesIO()
    Image.new("L", (2000, 1000)).save(buffer, "PNG")
    return base64.b64encode(buffer.getvalue()).decode()


UNFIT = {
    "missing": ("golden_missing", lambda x: x.pop("golden")),
    "not synthetic": ("golden_invalid", lambda x: x["golden"].update(synthetic=False)),
    "synthetic by word": ("golden_invalid", lambda x: x["golden"].update(synthetic="yes")),
    "no tolerance": ("golden_invalid", lambda x: x["golden"].pop("tolerance")),
    "infinite tolerance": ("golden_invalid", lambda x: x["golden"].update(tolerance=float("inf"))),
    "no images": ("golden_invalid", lambda x: x["golden"].update(images=[])),
    "a class without one": ("golden_invalid", lambda x: x["golden"]["images"].pop()),
    "a strange class": ("golden_invalid", lambda x: x["golden"]["images"][0].update({"class": "cat"})),
    "two logits": ("golden_invalid", lambda x: x["golden"]["images"][0]["logits"].pop()),
    "nan": ("golden_invalid", lambda x: x["golden"]["images"][0].update(logits=[0, 0, float("nan")])),
    "no png": ("golden_invalid", lambda x: x["golden"]["images"][0].update(png="AAAA")),
    "no base64": ("golden_invalid", lambda x: x["golden"]["images"][0].update(png="§")),
    "a large picture": ("golden_invalid", lambda x: x["golden"]["images"][0].update(png=large_png())),
    "a large file": ("golden_invalid", lambda x: x["golden"]["images"][0].update(png="A" * 800_000)),
    "a map too few": ("golden_invalid", lambda x: x["golden"]["images"][0]["maps"].pop("benign")),
    "a ragged map": ("golden_invalid", lambda x: x["golden"]["images"][0]["maps"].update(benign=[[1], []])),
    "a list": ("golden_invalid", lambda x: x.update(golden=[])),
    "too many": ("golden_invalid", lambda x: x["golden"].update(images=x["golden"]["images"] * 5)),
}  # fmt: skip


@pytest.mark.parametrize("case", UNFIT)
def test_what_can_not_be_trusted_is_refused(golden_manifest, case):
    code, change = UNFIT[case]
    with pytest.raises(ManifestError) as caught:
        read_golden(changed(golden_manifest, change))
    assert caught.value.code == code


def test_a_tolerance_is_capped(golden_manifest):
    wide = changed(golden_manifest, lambda extras: extras["golden"].update(tolerance=50.0))
    assert read_golden(wide).tolerance == LARGEST_TOLERANCE


def test_reading_needs_no_torch(tmp_path: Path, model, golden_manifest):
    path = tmp_path / "golden.safetensors"
    save_checkpoint(path, model, golden_manifest)
    program = (
        "import sys\nfrom ml.golden import read_golden\nfrom ml.manifest import read_manifest\n"
        f"print(len(read_golden(read_manifest({str(path)!r})).images), 'torch' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["3", "False"]
    assert read_manifest(path).format_version == FORMAT_VERSION
