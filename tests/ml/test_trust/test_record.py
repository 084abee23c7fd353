"""What a manifest says about trust: kept whole, read without torch, refused where it is unfit."""

from __future__ import annotations

import base64
import copy
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ml.checkpoint import LoadedModel, load_checkpoint, save_checkpoint
from ml.manifest import Manifest, ManifestError
from ml.model import build_model
from ml.predict import predict
from ml.taxonomy import CLASS_NAMES
from ml.trust.fit import Answers, Seen, fit_calibration, fit_likeness
from ml.trust.record import Trust, read_trust, trust_as_extras

SIZE = 512  # features of a ResNet18
APPEARANCES = 19


def made_trust(size: int = SIZE) -> Trust:
    rng = np.random.default_rng(1)
    labels = np.arange(300) % 3
    answers = Answers(rng.normal(size=(300, 3)) + np.eye(3)[labels], labels)
    seen = Seen(rng.random((250, size)), rng.random((250, APPEARANCES)))
    return Trust(
        fit_calibration(answers, answers, source="made up", synthetic=True),
        fit_likeness(seen.take(slice(100)), seen.take(slice(100, None)), source="made up", synthetic=True),
    )


@pytest.fixture(scope="module")
def trusted(make_manifest: Callable[..., Manifest]) -> Manifest:
    return make_manifest(extras=trust_as_extras(made_trust()))


def test_what_is_written_is_read(trusted: Manifest) -> None:
    written, read = made_trust(), read_trust(Manifest.from_json(trusted.to_json()))
    assert read.calibration is not None
    assert read.likeness is not None
    assert written.calibration is not None
    assert written.likeness is not None
    assert read.calibration.temperature == written.calibration.temperature
    assert read.calibration.reliability == written.calibration.reliability
    for name in CLASS_NAMES:
        np.testing.assert_array_equal(read.calibration.scores[name], written.calibration.scores[name])
    for part in ("features", "appearance"):
        one, other = getattr(read.likeness, part), getattr(written.likeness, part)
        np.testing.assert_array_equal(one.components, other.components)
        assert one.threshold == other.threshold


def test_the_largest_record_leaves_room_in_the_header(make_manifest: Callable[..., Manifest]) -> None:
    assert len(json.dumps(trust_as_extras(made_trust(2048)))) < 300_000


def test_a_manifest_without_it_is_uncalibrated(tiny_checkpoint: Path, picture: Callable[..., Any]) -> None:
    loaded = load_checkpoint(tiny_checkpoint)
    assert loaded.trust == Trust()
    result = predict(picture(1), loaded)
    assert (result.calibrated, result.p_values, result.unlikeness) == (False, None, None)
    assert result.probabilities == result.raw_probabilities


def floats(*values: float) -> str:
    return base64.b64encode(np.array(values, "<f4").tobytes()).decode()


Extras = dict[str, Any]
UNFIT: dict[str, Callable[[Extras], object]] = {
    "a list": lambda x: x.update(calibration=[]),
    "another format": lambda x: x["calibration"].update(format=2),
    "no format": lambda x: x["calibration"].pop("format"),
    "no temperature": lambda x: x["calibration"].pop("temperature"),
    "a temperature of zero": lambda x: x["calibration"].update(temperature=0),
    "a temperature below zero": lambda x: x["calibration"].update(temperature=-1.0),
    "an endless temperature": lambda x: x["calibration"].update(temperature=float("inf")),
    "no number": lambda x: x["calibration"].update(temperature=float("nan")),
    "a temperature by word": lambda x: x["calibration"].update(temperature="2"),
    "true as temperature": lambda x: x["calibration"].update(temperature=True),
    "an unheard-of whole number": lambda x: x["calibration"].update(temperature=10**400),
    "a class too few": lambda x: x["calibration"]["scores"].pop("benign"),
    "a class too many": lambda x: x["calibration"]["scores"].update(cat=floats(0.5)),
    "a class without scores": lambda x: x["calibration"]["scores"].update(benign=""),
    "scores no text": lambda x: x["calibration"]["scores"].update(benign=[0.5]),
    "scores no base64": lambda x: x["calibration"]["scores"].update(benign="§§§§"),
    "half a number": lambda x: x["calibration"]["scores"].update(benign="AAAA"),
    "scores not finite": lambda x: x["calibration"]["scores"].update(benign=floats(0.1, float("nan"))),
    "scores out of range": lambda x: x["calibration"]["scores"].update(benign=floats(0.1, 1.5)),
    "scores that fall": lambda x: x["calibration"]["scores"].update(benign=floats(0.5, 0.1)),
    "too many scores": lambda x: x["calibration"]["scores"].update(benign=floats(*[0.5] * 10_001)),
    "a huge text": lambda x: x["calibration"]["scores"].update(benign="A" * 10_000_000),
    "no images": lambda x: x["calibration"].update(images=0),
    "an endless source": lambda x: x["calibration"].update(source="x" * 501),
    "synthetic by word": lambda x: x["calibration"].update(synthetic="yes"),
    "no ece": lambda x: x["calibration"]["after"].pop("ece"),
    "an ece of three": lambda x: x["calibration"]["after"].update(ece=3),
    "no diagram": lambda x: x["calibration"].pop("reliability"),
    "too many bins": lambda x: x["calibration"]["reliability"].update(
        after=x["calibration"]["reliability"]["after"] * 4
    ),
    "a bin of text": lambda x: x["calibration"]["reliability"].update(after=["bin"]),
    "likeness a text": lambda x: x.update(likeness="yes"),
    "no appearance": lambda x: x["likeness"].pop("appearance"),
    "no threshold": lambda x: x["likeness"]["features"].pop("threshold"),
    "a threshold of zero": lambda x: x["likeness"]["features"].update(threshold=0.0),
    "a variance of zero": lambda x: x["likeness"]["features"].update(residual_variance=0),
    "a component of no variance": lambda x: x["likeness"]["features"].update(variances=floats(0.0)),
    "components that do not fit": lambda x: x["likeness"]["features"].update(dimensions=SIZE - 1),
    "no dimensions": lambda x: x["likeness"]["features"].update(dimensions=0),
    "true dimensions": lambda x: x["likeness"]["features"].update(dimensions=True),
    "a false alarm rate of two": lambda x: x["likeness"].update(false_alarm_rate=2),
}


@pytest.mark.parametrize("case", UNFIT)
def test_what_is_unfit_is_refused_in_words(trusted: Manifest, case: str) -> None:
    extras = copy.deepcopy(trusted.extras)
    UNFIT[case](extras)
    with pytest.raises(ManifestError) as caught:
        read_trust(replace(trusted, extras=extras))
    assert caught.value.code == "trust_invalid"
    assert len(caught.value.detail) < 400


JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@given(part=st.sampled_from(["calibration", "likeness"]), field=st.integers(0, 30), value=JSON)
def test_whatever_stands_there_is_read_or_refused(
    trusted: Manifest, part: str, field: int, value: Any
) -> None:
    extras = copy.deepcopy(trusted.extras)
    names = sorted(extras[part])
    if field < len(names):
        extras[part][names[field]] = value
    else:
        extras[part] = value
    code = "trust_invalid"
    try:
        read_trust(replace(trusted, extras=extras))
    except ManifestError as error:
        code = error.code
    assert code == "trust_invalid"


def test_a_file_with_a_strangers_likeness_does_not_load(tmp_path: Path, trusted: Manifest) -> None:
    manifest = replace(trusted, extras=trust_as_extras(made_trust(100)))
    save_checkpoint(tmp_path / "x.safetensors", build_model("resnet18", 3), manifest)
    with pytest.raises(ManifestError) as caught:
        load_checkpoint(tmp_path / "x.safetensors")
    assert caught.value.code == "trust_invalid"


def test_the_wrong_class_names_are_refused(trusted: Manifest) -> None:
    with pytest.raises(ManifestError, match="classes"):
        read_trust(replace(trusted, class_names=("cat", "dog")))


def test_reading_and_forming_sets_needs_neither_torch_nor_scipy() -> None:
    program = (
        "import sys\nfrom ml.trust.record import read_trust\nfrom ml.trust.p_values import prediction_set\n"
        "prediction_set({'benign': 0.5, 'lymphoma': 0.01, 'metastatic': 0.2}, 0.9)\n"
        "print({'torch', 'scipy', 'sklearn'} & set(sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_trust_is_read_once_and_kept(trusted: Manifest) -> None:
    import torch  # noqa: PLC0415

    loaded = LoadedModel(build_model("resnet18", 3).eval(), trusted, torch.device("cpu"))
    assert loaded.trust is loaded.trust
    assert loaded.trust.calibration is not None
