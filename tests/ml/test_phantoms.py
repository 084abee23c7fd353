"""Phantoms: repeatable, labelled as synthetic, true to what they say, and not trivially separable."""

import csv
import hashlib
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import cross_val_predict
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

from ml.__main__ import main
from ml.phantoms import Phantom, render_case
from ml.phantoms.doppler import flow_maps
from ml.phantoms.elastography import stiffness_map
from ml.phantoms.features import FLOW_TYPES, NodeFeatures, node_features
from ml.phantoms.geometry import Field
from ml.phantoms.scene import Scene, scene_of
from ml.phantoms.screen import Box, touches
from ml.taxonomy import CLASS_NAMES, MODALITIES

FIELD = Field(180, 135, 0.2)


def digest(phantoms: dict[str, Phantom]) -> str:
    """One hash over pixels and masks."""
    sha = hashlib.sha256()
    for name in sorted(phantoms):
        sha.update(phantoms[name].image.tobytes() + phantoms[name].mask.tobytes())
    return sha.hexdigest()


def scene_with(seed: int, **changes: object) -> Scene:
    """A scene whose node has some features set by hand."""
    features = node_features(np.random.default_rng(seed), "lymphoma")
    return scene_of(np.random.default_rng(seed), replace(features, **changes), FIELD)


def test_the_same_seed_gives_the_same_pixels_in_another_process() -> None:
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.path.insert(0, '.')\n"
        "from test_phantoms import digest; from ml.phantoms import render_case\n"
        "print(digest(render_case(41, 'metastatic', shortcut=0.5)))"
    )
    run = subprocess.run(
        [sys.executable, "-c", program, str(Path(__file__).parent)],
        capture_output=True,
        text=True,
        check=True,
    )
    assert run.stdout.strip() == digest(render_case(41, "metastatic", shortcut=0.5))


def test_seed_class_and_view_change_the_picture_and_one_modality_alone_does_not() -> None:
    case = render_case(5, "benign")
    assert len({digest(c) for c in (case, render_case(6, "benign"), render_case(5, "lymphoma"))}) == 3
    other_view = render_case(5, "benign", view=1)
    assert digest(other_view) != digest(case)
    assert other_view["2d"].features == case["2d"].features
    alone = render_case(5, "benign", modalities=["cdfi"])
    assert list(alone) == ["cdfi"]
    assert alone["cdfi"].image.tobytes() == case["cdfi"].image.tobytes()


@pytest.mark.parametrize("size", [(128, 128), (256, 192), (640, 480)])
def test_truth_fits_the_picture(size: tuple[int, int]) -> None:
    for seed in range(12):
        for phantom in render_case(seed, CLASS_NAMES[seed % 3], size=size, shortcut=0.5, stamp=True).values():
            assert phantom.image.size == size
            assert phantom.mask.shape == (size[1], size[0])
            assert 0.03 < phantom.mask.mean() < 0.45
            assert phantom.text_boxes, "a stamped phantom carries print"
            for box in phantom.text_boxes:
                check_text_box(phantom, box)


def check_text_box(phantom: Phantom, box: Box) -> None:
    """The box lies in the image, holds bright print, and stays off the node and the other boxes."""
    x, y, width, height = box
    assert x >= 0
    assert y >= 0
    assert x + width <= phantom.image.width
    assert y + height <= phantom.image.height
    pixels = np.asarray(phantom.image)[y : y + height, x : x + width]
    assert pixels.max() >= 110
    assert not phantom.mask[y : y + height, x : x + width].any()
    assert sum(touches(box, other, gap=0) for other in phantom.text_boxes) == 1


def test_callipers_are_told_from_text_and_sit_on_the_node() -> None:
    marked = [
        p
        for s in range(40)
        for p in render_case(s, "lymphoma", modalities=["2d"]).values()
        if p.calliper_boxes
    ]
    assert 8 <= len(marked) <= 28
    for phantom in marked:
        rows, columns = np.nonzero(phantom.mask)
        for x, y, width, height in phantom.calliper_boxes:
            assert columns.min() - 12 <= x + width / 2 <= columns.max() + 12
            assert rows.min() - 12 <= y + height / 2 <= rows.max() + 12


def test_colour_is_where_it_belongs() -> None:
    for seed in range(6):
        case = render_case(seed, CLASS_NAMES[seed % 3])
        spread = {name: np.ptp(np.asarray(p.image).astype(int), axis=2) for name, p in case.items()}
        assert np.median(spread["2d"]) <= 25  # a tint at most
        assert np.median(spread["elastography"][case["elastography"].mask]) > 40
        flow = spread["cdfi"][case["cdfi"].mask] > 90
        assert flow.any() == (case["cdfi"].features.flow != "absent") or flow.mean() < 0.02


def test_stiffness_follows_the_asteria_score() -> None:
    def stiff_share(score: int) -> float:
        shares = []
        for seed in range(8):
            scene = scene_with(seed, asteria=score)
            stiffness = stiffness_map(np.random.default_rng(seed), scene)
            shares.append(float((stiffness[scene.rho < 0.95] > 0.7).mean()))
        return float(np.mean(shares))

    shares = [stiff_share(score) for score in (1, 2, 3, 4)]
    assert shares == sorted(shares)
    assert shares[0] < 0.1
    assert 0.1 < shares[1] < 0.4 < shares[2] < 0.85 < shares[3]


def test_flow_type_decides_where_the_vessels_run() -> None:
    power = dict.fromkeys(FLOW_TYPES, 0.0)
    rim = dict.fromkeys(FLOW_TYPES, 0.0)
    for flow in FLOW_TYPES:
        for seed in range(8):
            scene = scene_with(seed, flow=flow, flow_amount=1.0)
            shown = (flow_maps(np.random.default_rng(seed), scene)[0] > 0.38) & (scene.rho < 1.1)
            power[flow] += shown.sum() / 8
            rim[flow] += (shown & (scene.rho > 0.8)).sum() / max(1, shown.sum()) / 8
    assert power["absent"] < 0.1 * power["hilar"]
    assert power["mixed"] > power["peripheral"]
    assert rim["hilar"] < rim["mixed"] < rim["peripheral"]


def as_numbers(node: NodeFeatures) -> list[float]:
    flow = [float(node.flow == name) for name in FLOW_TYPES]
    return [node.axis_ratio, node.hilum, node.irregularity, node.cortex_db, node.asteria, *flow]


def test_features_point_where_the_literature_says_and_overlap() -> None:
    rng = np.random.default_rng(0)
    drawn = {name: [node_features(rng, name) for _ in range(400)] for name in CLASS_NAMES}
    ratio = {name: np.mean([n.axis_ratio for n in nodes]) for name, nodes in drawn.items()}
    asteria = {name: np.mean([n.asteria for n in nodes]) for name, nodes in drawn.items()}
    assert ratio["benign"] > 2 > ratio["metastatic"] > ratio["lymphoma"]
    assert asteria["benign"] < asteria["lymphoma"] < asteria["metastatic"]
    labels = np.repeat([0, 1, 2], 400)
    for column in range(5):
        scores = np.array([as_numbers(n)[column] for name in CLASS_NAMES for n in drawn[name]])
        for k in range(3):
            area = roc_auc_score(labels == k, scores)
            assert max(area, 1 - area) < 0.97, "no single feature may give a class away"


def test_one_grey_value_does_not_tell_the_classes() -> None:
    """A classifier that sees only brightness and size of the picture must stay far below the demo's goal."""
    rows, labels = [], []
    for seed in range(150):
        phantom = render_case(seed, CLASS_NAMES[seed % 3], size=(128, 96), modalities=["2d"])["2d"]
        grey = np.asarray(phantom.image.convert("L"), dtype=float)
        rows.append([grey.mean(), grey.std(), *np.percentile(grey, (10, 50, 90))])
        labels.append(seed % 3)
    model = make_pipeline(StandardScaler(), LogisticRegression(max_iter=1000))
    guessed = cross_val_predict(model, np.array(rows), np.array(labels), cv=5, method="predict_proba")
    assert roc_auc_score(labels, guessed, multi_class="ovr") < 0.8


def test_a_planted_shortcut_gives_the_class_away_as_often_as_asked() -> None:
    def widths(strength: float) -> list[tuple[str, int]]:
        cases = [(CLASS_NAMES[s % 3], s) for s in range(45)]
        return [
            (name, render_case(s, name, modalities=["2d"], shortcut=strength)["2d"].text_boxes[0][2])
            for name, s in cases
        ]

    told = widths(1.0)
    typical = {name: np.median([w for n, w in told if n == name]) for name in CLASS_NAMES}
    right = [min(typical, key=lambda n: abs(typical[n] - w)) == name for name, w in told]
    assert all(right)
    guessed = [min(typical, key=lambda n: abs(typical[n] - w)) == name for name, w in widths(0.0)]
    assert np.mean(guessed) < 0.6
    assert digest(render_case(3, "benign")) != digest(render_case(3, "benign", shortcut=1.0))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"class_name": "cyst"}, "unknown class"),
        ({"seed": -1}, "0 or more"),
        ({"size": (20, 200)}, "at least 64"),
        ({"shortcut": 1.5}, "between 0 and 1"),
    ],
)
def test_bad_arguments_are_named(bad: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        render_case(**({"seed": 0, "class_name": "benign"} | bad))


def test_the_command_writes_the_published_layout_and_says_synthetic(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "set"
    arguments = ["phantoms", "--cases", "3", "--seed", "9", "--size", "160x120", "--views", "2", "--masks"]
    assert main([*arguments, "--out", str(folder)]) == 0
    with (folder / "labels.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 3 * 2 * len(MODALITIES)
    assert {row["patient"] for row in rows} == {"1", "2", "3"}
    assert (folder / "elastic/2/3-2.png").exists()
    for row in rows:
        with Image.open(folder / row["path"]) as image, Image.open(folder / row["mask"]) as mask:
            assert image.size == mask.size == (160, 120)
            assert image.info["SYNTHETIC"].startswith("SYNTHETIC")
            assert f"class={row['label']}" in image.info["Phantom"]
            assert set(np.unique(np.asarray(mask))) == {0, 255}
    again = tmp_path / "again"
    assert main([*arguments, "--out", str(again)]) == 0
    for path in folder.rglob("*.*"):
        assert path.read_bytes() == (again / path.relative_to(folder)).read_bytes()
    assert main([*arguments, "--out", str(folder)]) == 2
    assert "not an empty folder" in capsys.readouterr().err
