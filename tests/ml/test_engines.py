"""Engines: the same answers whoever computes the features, conversions that processes share, silence."""

import json
import os
import shutil
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from ml.checkpoint import LoadedModel, load_checkpoint, save_checkpoint
from ml.engines.agreement import map_correlations
from ml.engines.base import Engines, Mode, Used, close_calls
from ml.engines.choose import CPU, Wishes, lacking, open_model
from ml.engines.convert import FACTS, convert, read_facts
from ml.engines.keys import exact_key
from ml.engines.openvino_engine import MODEL, open_engine
from ml.engines.prepare import prepare
from ml.engines.preparer import Preparer
from ml.engines.store import ABANDONED_S, EngineStore
from ml.engines.torch_engine import TorchEngine
from ml.golden import read_golden
from ml.golden_make import with_golden
from ml.model import build_model
from ml.predict import as_batch, predict, predict_batch
from ml.taxonomy import CLASS_NAMES

ROOT = Path(__file__).resolve().parents[2]
# One small sibling of each of the paper's four families, and what else a checkpoint may be.
SIBLINGS = ("resnet18", "resnet50", "convnext_tiny", "efficientnet_b0", "vit_b_16", "ensemble:2:resnet18")


@pytest.fixture(scope="module")
def converted(tiny_checkpoint, tmp_path_factory) -> Wishes:
    """A store that holds the tiny checkpoint's fp32 model."""
    wishes = Wishes(store=tmp_path_factory.mktemp("engines"))
    prepare(tiny_checkpoint, EngineStore(wishes.store), fast=False)
    return wishes


@pytest.mark.parametrize("architecture", SIBLINGS)
def test_openvino_gives_the_answers_of_torch(architecture, make_manifest, picture, tmp_path) -> None:
    torch.manual_seed(3)
    model = build_model(architecture, 3, 64).eval().requires_grad_(requires_grad=False)
    loaded = LoadedModel(model, make_manifest(architecture=architecture), CPU)
    convert(loaded, tmp_path)
    facts = read_facts(tmp_path)
    assert facts["usable"], facts
    images = [picture(seed) for seed in range(4)]
    plain = predict_batch(images, loaded)
    other = predict_batch(images, replace(loaded, engines=Engines(open_engine(tmp_path))))
    for expected, given in zip(plain, other, strict=True):
        assert given.engine == Used("openvino", Mode.EXACT)
        np.testing.assert_allclose(
            list(given.probabilities.values()), list(expected.probabilities.values()), atol=1e-4
        )
        grids = [
            np.stack([result.maps.grids[name] for name in CLASS_NAMES])[None] for result in (expected, given)
        ]
        assert (map_correlations(*grids) >= 0.999).all()  # empty in both: nothing to compare


def test_a_network_that_openvino_cannot_take_is_answered_by_torch(make_manifest, tmp_path) -> None:
    class Odd(torch.nn.Module):
        def forward(self, images: torch.Tensor) -> torch.Tensor:
            return images if float(images.sum()) > 0 else images * 2  # depends on the data: no fixed graph

    model = build_model("resnet18", 3, 64).eval()
    model.features = torch.nn.Sequential(Odd(), *model.features)
    convert(LoadedModel(model, make_manifest(), CPU), tmp_path)
    facts = read_facts(tmp_path)
    assert not facts["usable"]
    assert facts["reason"]


def test_until_a_model_is_converted_torch_answers(tiny_checkpoint, tmp_path, picture) -> None:
    wishes = Wishes(store=tmp_path / "engines")
    loaded = open_model(tiny_checkpoint, CPU, wishes)
    assert predict(picture(1), loaded).engine == Used("torch", Mode.EXACT)
    assert lacking(tiny_checkpoint, CPU, wishes) == {exact_key(loaded.manifest)}


def test_a_converted_model_answers_without_the_features_in_torch(tiny_checkpoint, converted, picture) -> None:
    loaded = open_model(tiny_checkpoint, CPU, converted)
    assert lacking(tiny_checkpoint, CPU, converted) == set()
    assert all(weight.is_meta for weight in loaded.model.features.parameters())
    images = [picture(1), picture(2), picture(3)]
    together, reference = (
        predict_batch(images, loaded),
        predict_batch(images, load_checkpoint(tiny_checkpoint)),
    )
    for given, expected in zip(together, reference, strict=True):
        assert given.engine == Used("openvino", Mode.EXACT)
        np.testing.assert_allclose(given.logits, expected.logits, atol=1e-5)


def test_company_changes_no_bit_of_an_images_features(tiny_checkpoint, converted, picture) -> None:
    loaded = open_model(tiny_checkpoint, CPU, converted)
    batch = as_batch([picture(1), picture(2), picture(3)], loaded)
    engine = loaded.with_engines().exact
    together = engine.features(batch)
    for row in range(3):
        assert torch.equal(engine.features(batch[row : row + 1])[0], together[row])


@pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc")
def test_a_compiled_model_keeps_no_second_copy_of_its_weights_in_memory(converted) -> None:
    folder = next(path for path in converted.store.iterdir() if path.is_dir())
    engine = open_engine(folder)
    engine.features(torch.zeros(1, 3, 64, 64))
    resident, mapped = 0, False
    for line in Path("/proc/self/smaps").read_text().splitlines():
        if "-" in line.split(" ", 1)[0]:
            mapped = line.endswith(f"{folder}/model.bin")
        elif mapped and line.startswith("Rss:"):
            resident += int(line.split()[1])
    assert resident * 1024 < 0.1 * (folder / "model.bin").stat().st_size


def test_golden_answers_hold_with_either_engine(make_manifest, tmp_path) -> None:
    torch.manual_seed(5)
    model = build_model("resnet18", 3, 64)
    path = tmp_path / "golden.safetensors"
    save_checkpoint(path, model, with_golden(make_manifest(), model, "float16"), "float16")
    wishes = Wishes(store=tmp_path / "engines")
    prepare(path, EngineStore(wishes.store), fast=False)
    for choice, name in (("torch", "torch"), ("auto", "openvino"), ("openvino", "openvino")):
        loaded = open_model(path, CPU, replace(wishes, engine=choice))
        golden = read_golden(loaded.manifest)
        for item, result in zip(
            golden.images, predict_batch([item.image for item in golden.images], loaded), strict=True
        ):
            assert result.engine.name == name
            np.testing.assert_allclose(result.logits, item.logits, atol=golden.tolerance)


@pytest.mark.parametrize("harm", ["facts say no", "facts are gone", "model is cut"])
def test_a_harmed_conversion_falls_back_to_torch(harm, tiny_checkpoint, converted, tmp_path, picture) -> None:
    wishes = Wishes(store=tmp_path / "engines")
    shutil.copytree(converted.store, wishes.store)
    folder = next(path for path in wishes.store.iterdir() if path.is_dir())
    if harm == "facts say no":
        facts = json.loads((folder / FACTS).read_text())
        (folder / FACTS).write_text(json.dumps(facts | {"usable": False}))
    elif harm == "facts are gone":
        (folder / FACTS).unlink()
    else:
        text = (folder / MODEL).read_text()
        (folder / MODEL).write_text(text[: len(text) // 2])
    assert predict(picture(1), open_model(tiny_checkpoint, CPU, wishes)).engine.name == "torch"


def test_other_weights_of_the_same_shape_are_another_model(make_manifest, tmp_path, tiny_checkpoint) -> None:
    torch.manual_seed(8)
    other = tmp_path / "other.safetensors"
    save_checkpoint(other, build_model("resnet18", 3), make_manifest())
    keys = [exact_key(load_checkpoint(path).manifest) for path in (tiny_checkpoint, other)]
    assert keys[0] != keys[1]


def test_a_worker_hears_when_its_conversion_has_come(tiny_checkpoint, tmp_path) -> None:
    preparer = Preparer(Wishes(store=tmp_path / "engines"))
    preparer.opened("version", tiny_checkpoint, CPU)
    preparer.opened("version", tiny_checkpoint, CPU)  # a second time starts nothing more
    assert not preparer.has_news("version")
    preparer.wait()
    assert preparer.has_news("version")
    assert preparer._children == []  # a process that is done and never asked after stays in the table
    preparer.opened("version", tiny_checkpoint, CPU)
    assert not preparer.has_news("version")


@pytest.mark.long
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile writes C++ for a processor")
def test_a_compiled_network_gives_the_same_features(plain, picture) -> None:
    batch = as_batch([picture(1), picture(2)], plain)
    compiled = TorchEngine(plain.model.features, CPU, compiled=True)
    expected = TorchEngine(plain.model.features, CPU).features(batch)
    first = compiled.features(batch)
    compiled.features(batch.flip(0))  # must not write over the first answer
    torch.testing.assert_close(first, expected, rtol=1e-3, atol=1e-4)


# --- the cascade --------------------------------------------------------------------------------------


class Noisy:
    """An engine that is off by a fixed pattern: a stand-in for rounding to int8 with a known error."""

    used = Used("noisy", Mode.FAST)

    def __init__(self, engine: TorchEngine, error: float) -> None:
        self.engine, self.error = engine, error

    def features(self, batch: torch.Tensor) -> torch.Tensor:
        features = self.engine.features(batch)
        pattern = torch.sin(torch.arange(features[0].numel(), dtype=torch.float32)).view(features[0].shape)
        return features + self.error * pattern


@pytest.fixture(scope="module")
def plain(tiny_checkpoint) -> LoadedModel:
    return load_checkpoint(tiny_checkpoint)


def test_close_calls_are_answered_exactly_and_the_rest_fast(plain, picture) -> None:
    images = [picture(seed) for seed in range(12)]
    exact = TorchEngine(plain.model.features, CPU)
    noisy = Noisy(exact, 0.2)
    expected = predict_batch(images, plain)
    quick = predict_batch(images, replace(plain, engines=Engines(noisy)))
    gaps = [sorted(result.logits)[-1] - sorted(result.logits)[-2] for result in quick]
    margin = round(float(np.median(gaps)), 3)
    mixed = predict_batch(images, replace(plain, engines=Engines(exact, noisy, margin)))
    assert {result.engine.mode for result in mixed} == {Mode.FAST, Mode.EXACT}
    for gap, answer, sure, rough in zip(gaps, mixed, expected, quick, strict=True):
        wanted = sure if round(gap, 3) <= margin else rough
        assert answer.engine == (exact.used if wanted is sure else noisy.used)
        np.testing.assert_allclose(answer.logits, wanted.logits, atol=1e-5)
        for name in CLASS_NAMES:
            np.testing.assert_allclose(answer.maps.grids[name], wanted.maps.grids[name], atol=1e-4)


def test_the_last_bits_decide_nothing() -> None:
    logits = torch.tensor([[0.1234, 0.0, -1.0]])
    nudged = logits + torch.tensor([[3e-5, -3e-5, 0.0]])
    assert close_calls(logits, 0.123) == close_calls(nudged, 0.123) == [0]
    assert close_calls(logits, 0.122) == close_calls(nudged, 0.122) == []


def test_an_answer_that_is_not_finite_is_a_close_call() -> None:
    assert close_calls(torch.tensor([[float("nan"), 1.0, 0.0], [9.0, 0.0, 0.0]]), 0.1) == [0]


# --- the store ----------------------------------------------------------------------------------------


BUILD = """
import sys, time
from pathlib import Path
from ml.engines.store import EngineStore
store = EngineStore(Path(sys.argv[1]))
def build(part):
    time.sleep(0.2)
    (part / "made").write_text("whole")
    with (store.folder / "count").open("a") as file:
        file.write("x")
with store.building():
    store.make("key", build)
"""


def test_processes_that_want_the_same_model_make_it_once(tmp_path) -> None:
    processes = [subprocess.Popen([sys.executable, "-c", BUILD, str(tmp_path)], cwd=ROOT) for _ in range(3)]
    assert [process.wait() for process in processes] == [0, 0, 0]
    assert (tmp_path / "count").read_text() == "x"
    assert (tmp_path / "key" / "made").read_text() == "whole"


def test_a_failed_conversion_leaves_nothing(tmp_path) -> None:
    store = EngineStore(tmp_path)

    def build(part: Path) -> None:
        (part / "half").write_text("half")
        raise RuntimeError("out of memory")

    with pytest.raises(RuntimeError), store.building():
        store.make("key", build)
    assert not store.has("key")
    assert [path.name for path in tmp_path.iterdir()] == [".lock"]


def test_the_store_is_bounded_and_swept(tmp_path) -> None:
    store = EngineStore(tmp_path, kept=2)
    dead = tmp_path / ".part-dead"
    dead.mkdir()
    os.utime(dead, (time.time() - ABANDONED_S - 1,) * 2)
    for number, key in enumerate(("first", "second", "third")):
        with store.building():
            store.make(key, Path.stat)
        os.utime(tmp_path / key, (number, number))
        if key == "second":
            store.use("first")  # so that the second is the one that nobody used
    assert not dead.exists()
    assert store.has("first")
    assert store.has("third")
    assert not store.has("second")


# --- silence ------------------------------------------------------------------------------------------

EARS = """
import os, sys
def hear(event, args):
    if event in ("socket.connect", "socket.getaddrinfo", "socket.gethostbyname"):
        with open(os.environ["HEARD"], "a") as file:
            file.write(f"{event} {args[1:] if event == 'socket.connect' else args}\\n")
sys.addaudithook(hear)
"""
QUANTISE = """
import sys
from pathlib import Path
from PIL import Image
from ml.checkpoint import load_checkpoint
from ml.engines.convert import convert
from ml.engines.quantise import quantise
exact, small = Path(sys.argv[2]) / "exact", Path(sys.argv[2]) / "small"
exact.mkdir(), small.mkdir()
loaded = load_checkpoint(sys.argv[1])
convert(loaded, exact)
quantise(exact, loaded, [Image.new("RGB", (64, 64), colour) for colour in ("red", "grey")], small)
import openvino
assert (small / "model.xml").exists() and sys.modules["openvino_telemetry"] is None
"""
CALL_HOME = "import urllib.request; urllib.request.urlopen('http://127.0.0.1:9/', timeout=1)"


def test_conversion_and_quantisation_call_nobody(tiny_checkpoint, tmp_path) -> None:
    (tmp_path / "sitecustomize.py").write_text(EARS)
    heard = tmp_path / "heard"
    environment = {
        **os.environ,
        "PYTHONPATH": f"{tmp_path}{os.pathsep}{ROOT}",
        "HEARD": str(heard),
        "HOME": str(tmp_path),
    }

    def run(*words: str) -> int:
        return subprocess.run([sys.executable, *words], env=environment, cwd=ROOT, check=False).returncode

    assert run("-c", CALL_HOME) != 0
    assert heard.read_text()  # the ears work
    heard.unlink()
    assert run("-c", QUANTISE, str(tiny_checkpoint), str(tmp_path)) == 0
    assert not heard.exists(), heard.read_text()
    assert not (tmp_path / "intel").exists()  # where telemetry keeps its consent
