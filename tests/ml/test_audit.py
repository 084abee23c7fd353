"""The audit of maps: what it catches, what it lets pass, and what a file may say of it."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from torch import Tensor, nn

from ml.__main__ import main
from ml.audit.curves import QUICK, Shown, coarse, curves, occlusion, shown
from ml.audit.images import AuditImages, folder_images, phantom_images
from ml.audit.planted import planted_text
from ml.audit.randomise import LEVELS, MEASURES, emptied, randomisation, randomised, similarity
from ml.audit.record import (
    ENOUGH_IMAGES,
    KEY,
    PARTS,
    VIT_CAVEAT,
    Audit,
    Figure,
    Part,
    Verdict,
    audit_as_json,
    audit_of,
)
from ml.audit.run import audit_maps
from ml.audit.subject import Subject, mean_figure, rank_correlation
from ml.checkpoint import load_checkpoint, rewrite_manifest
from ml.data.cache import open_cache
from ml.data.readers import read
from ml.demo.phantom_arrays import PhantomArrays
from ml.demo.phantom_seeds import audit_seeds, coverage_seeds, training_seeds
from ml.demo.recipe import DemoRecipe, read_recipe
from ml.demo.training import MEAN, STD, train
from ml.manifest import FORMAT_VERSION, read_manifest
from ml.model import SplitClassifier, build_model
from ml.parts import Parts
from ml.phantoms.many import render_cases
from ml.taxonomy import MODALITIES, Modality
from ml.transforms import resize_uint8
from tests.ml.image_sets import write_folder

SIDE, CELLS = 48, 6
PLAIN = ((0.0, 0.0, 0.0), (1.0, 1.0, 1.0))  # mean and std that change nothing
NOBODY = [str(number) for number in range(200)]


class BrightCells(nn.Module):
    """Features that have no weights: which cells are bright, and which are not."""

    def forward(self, images: Tensor) -> Tensor:
        level = nn.functional.adaptive_avg_pool2d(images.mean(dim=1, keepdim=True), CELLS)
        bright = torch.sigmoid((level - 0.6) * 30)
        return torch.cat([bright, 1 - bright], dim=1)


def toy() -> SplitClassifier:
    """Class 0 is what has bright cells, and its map shows them."""
    neck = nn.Sequential(nn.AdaptiveAvgPool2d(1), nn.Flatten())
    model = SplitClassifier("toy", Parts(BrightCells(), neck, 2), 3)
    head = model.tail.get_submodule("head")
    for weight in head.parameters():
        nn.init.zeros_(weight)
    head.get_parameter("hidden.weight").data[0, 0] = 1.0
    head.get_parameter("logits.weight").data[0, 0] = 40.0
    head.get_parameter("logits.bias").data[0] = -1.0
    return model.eval()


class Fixed(nn.Module):
    """The toy's head as a formula: there is no weight that its map could follow."""

    def __init__(self) -> None:
        super().__init__()
        self.unused = nn.Parameter(torch.ones(1))  # grad-cam asks a weight for the device

    def forward(self, vectors: Tensor) -> Tensor:
        asked = vectors[:, :1] * 40 - 1
        return torch.cat([asked, torch.zeros_like(asked), torch.zeros_like(asked)], dim=1)


def without_weights() -> SplitClassifier:
    """The toy whose maps are the image's bright cells, whatever is learned."""
    model = toy()
    model.tail.set_submodule("head", Fixed())
    return model


def subject_of(model: SplitClassifier) -> Subject:
    return Subject(model, *PLAIN, torch.device("cpu"))


def spots(count: int) -> np.ndarray:
    """Dark pictures with one bright square each, somewhere."""
    rng = np.random.default_rng(3)
    pixels = rng.integers(20, 60, (count, SIDE, SIDE, 3)).astype(np.uint8)
    for picture in pixels:
        row, column = rng.integers(0, SIDE - 16, 2)
        picture[row : row + 16, column : column + 16] = 230
    return pixels


def test_a_map_that_ignores_the_weights_fails_and_no_other_does() -> None:
    pictures = spots(30)
    ignoring = randomisation(subject_of(without_weights()), pictures, NOBODY[:30])
    assert ignoring.figures["rank_correlation_all"].value == pytest.approx(1.0)
    assert verdict("randomisation", ignoring) is Verdict.FAILED
    torch.manual_seed(5)
    learned = build_model("resnet18", 3, 96).eval()
    big = np.stack([np.asarray(Image.fromarray(p).resize((96, 96))) for p in pictures])
    following = randomisation(Subject(learned, MEAN, STD, torch.device("cpu")), big, NOBODY[:30])
    assert verdict("randomisation", following) is Verdict.PASSED
    assert set(following.figures) == {f"{kind}_{n}" for kind in MEASURES for n in LEVELS}


def test_randomising_goes_from_the_top_down_and_leaves_the_model_alone() -> None:
    model = build_model("resnet18", 3, 64)
    before = {name: weight.clone() for name, weight in model.named_parameters()}
    twin = randomised(model, "upper_half")
    assert all(torch.equal(weight, before[name]) for name, weight in model.named_parameters())
    changed = {name for name, weight in twin.named_parameters() if not torch.equal(weight, before[name])}
    assert "tail.head.hidden.weight" in changed
    assert any("layer4" in name for name in changed)
    assert not any("conv1" in name and "layer" not in name for name in changed)
    ensemble = build_model("ensemble:2:resnet18", 3, 64)
    old = dict(ensemble.named_parameters())
    new = dict(randomised(ensemble, "all").named_parameters())
    for member in (0, 1):
        name = f"features.members.{member}.conv1.weight"
        assert not torch.equal(old[name], new[name])
        sizes = [weights[name].abs().flatten().sort().values for weights in (old, new)]
        assert torch.equal(*sizes)


def test_marked_cells_that_move_the_answer_pass_and_random_ones_fail() -> None:
    pictures = spots(40)
    subject = subject_of(toy())
    seen = shown(subject, pictures, NOBODY[:40])
    for part, name in ((curves, "curves"), (occlusion, "occlusion")):
        assert verdict(name, part(subject, seen)) is Verdict.PASSED
        lucky = 0
        for seed in range(20):  # each passes by luck in one case of 40: the interval holds 95 %
            noise = np.random.default_rng(seed).random(seen.maps.shape, dtype=np.float32)
            lucky += verdict(name, part(subject, replace(seen, maps=noise), QUICK)) is Verdict.PASSED
        assert lucky <= 2


def test_what_says_nothing_is_not_measured() -> None:
    pictures = spots(4)
    subject = subject_of(toy())
    flat = Shown(pictures, NOBODY[:4], np.zeros(4, np.int64), np.zeros((4, CELLS, CELLS), np.float32))
    for part in (
        curves(subject, flat, QUICK),
        occlusion(subject, flat, QUICK),
        planted_text(subject, None, []),
    ):
        assert part.reason
        assert not part.figures
    assert np.isnan(rank_correlation(np.zeros(4), np.arange(4.0)))
    assert rank_correlation(np.arange(4.0), np.zeros(4)) == 0.0
    assert np.isnan(similarity(np.zeros((2, 2), np.float32), np.ones((2, 2), np.float32)))
    assert emptied(np.ones((2, 2), np.float32), np.zeros((2, 2), np.float32)) == 1.0
    assert mean_figure(np.array([np.nan]), ["a"]) == (None, 0)
    assert coarse(np.arange(144, dtype=np.float32).reshape(12, 12), 3).shape == (3, 3)


def small_recipe() -> DemoRecipe:
    """Seconds of training in which nothing keeps a network from looking at the text."""
    tiny = read_recipe(tiny=True)
    phase = replace(tiny.phases[0], side_px=96, steps=120, outside_penalty=0.0)
    still = replace(tiny.augmentation, horizontal_flip=False, shift=0.0)
    return replace(
        tiny, input_size=96, cases_per_class=60, mask_weight=0.0, phases=(phase,), augmentation=still
    )


def drawn(recipe: DemoRecipe, shortcut: float | None) -> dict[Modality, PhantomArrays]:
    seeds = training_seeds(recipe.seed, recipe.cases_per_class)
    cases = list(render_cases(seeds, recipe.phantom_size, shortcut=shortcut))
    side = recipe.input_size
    labels = np.arange(len(cases), dtype=np.int64) % 3
    masks = np.zeros((len(cases), side, side), dtype=bool)
    return {
        modality: PhantomArrays(
            np.stack([resize_uint8(case[modality].image, side) for case in cases]), masks, labels
        )
        for modality in MODALITIES
    }


@pytest.mark.parametrize(("shortcut", "expected"), [(1.0, Verdict.FAILED), (None, Verdict.PASSED)])
def test_a_model_that_reads_the_ward_is_caught(shortcut: float | None, expected: Verdict) -> None:
    torch.set_num_threads(1)
    recipe = small_recipe()
    network = train(drawn(recipe, shortcut), recipe, lambda _phase: None)
    model = network.classifier(Modality.B_MODE)
    images = phantom_images(Modality.B_MODE, recipe.input_size, audit_seeds(10), recipe.phantom_size)
    part = planted_text(Subject(model, MEAN, STD, torch.device("cpu")), images.stamped, images.groups)
    assert verdict("planted_text", part) is expected
    if shortcut:
        assert part.figures["probability_change"].value > 0.3
        assert part.figures["energy_over_area"].low > 1.5


def verdict(name: str, part: Part) -> Verdict:
    return with_part(name, part).verdict(name)


def with_part(name: str, part: Part) -> Audit:
    unknown = {other: Part(0, {}, "not asked") for other in PARTS}
    return Audit(30, "phantoms", True, (5, 5), {**unknown, name: part})


def test_few_images_fail_only_where_it_is_clear() -> None:
    unsure, wrong = Figure(0.01, -0.05, 0.07), Figure(-0.05, -0.08, -0.02)
    few, many = ENOUGH_IMAGES - 1, ENOUGH_IMAGES
    for figure, images, expected in (
        (unsure, few, Verdict.NOT_MEASURED),
        (unsure, many, Verdict.FAILED),
        (wrong, few, Verdict.FAILED),
        (Figure(0.05, 0.01, 0.07), few, Verdict.PASSED),
    ):
        audit = with_part("curves", Part(images, {"gain": figure}))
        assert audit.verdict("curves") is expected
        assert audit.outcome is expected
    assert with_part("curves", Part(few, {"gain": unsure})).answer("curves") == "too few images to tell"


@pytest.fixture
def written(tiny_checkpoint: Path, tmp_path: Path) -> Path:
    path = tmp_path / "tiny.safetensors"
    path.write_bytes(tiny_checkpoint.read_bytes())
    return path


def test_the_command_audits_writes_and_the_file_still_answers(written: Path, tmp_path: Path) -> None:
    figures, words, host = tmp_path / "audit.json", tmp_path / "audit.md", tmp_path / "page.md"
    host.write_text("# Page\n\n<!-- table: saliency -->\n\nold\n\n<!-- end -->\n")
    sha256 = read_manifest(written).tensor_sha256
    code = main([
        "audit", "--checkpoint", str(written), "--per-class", "2", "--write", "--out", str(figures),
        "--markdown", str(words), "--page", str(host),
    ])  # fmt: skip
    loaded = load_checkpoint(written)
    audit = audit_of(loaded.manifest.extras)
    assert audit is not None
    assert code == (1 if audit.failed else 0)
    assert (audit.images, audit.synthetic, audit.caveat) == (6, True, None)
    assert loaded.manifest.format_version == FORMAT_VERSION
    assert loaded.manifest.tensor_sha256 == sha256
    record = json.loads(figures.read_text())
    assert record["audit"] == loaded.manifest.extras[KEY]
    assert record["command"] == "python -m ml audit --per-class 2"
    assert "Do the maps follow the weights?" in words.read_text()
    assert "old" not in host.read_text()


def test_images_of_a_folder_have_their_patients_and_no_planted_text(
    tmp_path: Path, written: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_folder(tmp_path / "images", patients=3, views=2)
    cached = open_cache(read("folder", tmp_path / "images"), 64, tmp_path / "cache")
    images = folder_images(cached, 5, synthetic=False)
    assert (len(images.pixels), images.stamped) == (5, None)
    assert len(set(images.groups)) < 6
    assert folder_images(cached, 50, synthetic=False, rows=[1, 2]).pixels.shape[0] == 2
    data = ["--data", str(tmp_path / "images"), "--cache", str(tmp_path / "cache"), "--images", "6"]
    assert main(["audit", "--checkpoint", str(written), *data]) in (0, 1)
    assert "not measured" in capsys.readouterr().out


def test_a_version_of_real_images_needs_images(written: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rewrite_manifest(written, replace(read_manifest(written), synthetic=False))
    assert main(["audit", "--checkpoint", str(written)]) == 2
    assert "--data" in capsys.readouterr().err


def test_a_transformer_has_a_caveat() -> None:
    model = build_model("timm:test_vit", 3, 64).eval()
    images = AuditImages(spots(3)[:, :SIDE, :SIDE], NOBODY[:3], "pictures", synthetic=True)
    big = replace(
        images, pixels=np.stack([np.asarray(Image.fromarray(p).resize((64, 64))) for p in images.pixels])
    )
    audit = audit_maps(Subject(model, MEAN, STD, torch.device("cpu")), big, QUICK)
    assert audit.caveat == VIT_CAVEAT
    assert audit_of({KEY: audit_as_json(audit)}) == audit


def test_the_audited_phantoms_are_nobody_elses() -> None:
    first = audit_seeds(1000).first
    assert first > coverage_seeds(1000, 1000).first + 3000
    assert first > training_seeds(3999, 30_000).first + 90_000
