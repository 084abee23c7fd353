"""What is written is what is read; what is broken is refused; nothing half-written stays behind."""

import os
import pickle
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

import ml
from ml import checkpoint as checkpoint_module
from ml.checkpoint import load_checkpoint, save_checkpoint, tensor_sha256
from ml.manifest import MANIFEST_KEY, ManifestError, read_manifest, verify_tensors
from ml.model import build_model


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(3)
    built = build_model("resnet18", 3)
    built(torch.randn(4, 3, 64, 64))  # batch-norm statistics of its own
    return built.eval()


def refusal(path: Path) -> ManifestError:
    with pytest.raises(ManifestError) as caught:
        load_checkpoint(path)
    return caught.value


def rewrite(source: Path, target: Path, change) -> Path:
    """`source` with its tensors changed and a manifest that is right about them."""
    tensors = load_file(source)
    manifest = read_manifest(source)
    change(tensors)
    fields = {**vars(manifest), "tensor_sha256": tensor_sha256(tensors)}
    save_file(tensors, target, metadata={MANIFEST_KEY: type(manifest)(**fields).to_json()})
    return target


def test_float32_round_trip_is_exact(tmp_path, model, make_manifest):
    path = tmp_path / "models" / "a.safetensors"
    stored = save_checkpoint(path, model, make_manifest())
    loaded = load_checkpoint(path)
    assert loaded.manifest == stored == read_manifest(path)
    assert verify_tensors(path) == stored.tensor_sha256 == tensor_sha256(model.state_dict())
    assert loaded.model.state_dict().keys() == model.state_dict().keys()
    for name, tensor in loaded.model.state_dict().items():
        assert torch.equal(tensor, model.state_dict()[name])
    images = torch.randn(2, 3, 64, 64)
    assert torch.equal(loaded.model(images), model(images))


def test_loaded_models_are_frozen_and_in_evaluation_mode(tiny_checkpoint):
    loaded = load_checkpoint(tiny_checkpoint)
    assert not any(module.training for module in loaded.model.modules())
    assert not any(weight.requires_grad for weight in loaded.model.parameters())
    assert not any(tensor.is_meta for tensor in loaded.model.state_dict().values())


def test_float16_is_half_as_large_and_computes_in_float32(tmp_path, model, make_manifest):
    full, half = tmp_path / "full.safetensors", tmp_path / "half.safetensors"
    save_checkpoint(full, model, make_manifest())
    assert save_checkpoint(half, model, make_manifest(), dtype="float16").storage_dtype == "float16"
    assert half.stat().st_size < 0.51 * full.stat().st_size
    loaded = load_checkpoint(half)
    assert {weight.dtype for weight in loaded.model.parameters()} == {torch.float32}
    images = torch.randn(2, 3, 64, 64)
    torch.testing.assert_close(loaded.model(images), model(images), rtol=0.02, atol=0.02)


def test_channels_last_weights_are_stored_in_the_same_order(tmp_path, model, make_manifest):
    expected = save_checkpoint(tmp_path / "a.safetensors", model, make_manifest()).tensor_sha256
    turned = build_model("resnet18", 3)
    turned.load_state_dict(model.state_dict())
    turned.to(memory_format=torch.channels_last)
    assert save_checkpoint(tmp_path / "b.safetensors", turned, make_manifest()).tensor_sha256 == expected
    load_checkpoint(tmp_path / "b.safetensors")


def own_memory_bytes() -> int:
    """Memory of this process that is backed by no file."""
    lines = Path("/proc/self/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) * 1024 for line in lines if line.startswith("Anonymous:"))


def test_memory_is_mapped_not_copied(tmp_path, make_manifest):
    path = tmp_path / "large.safetensors"
    save_checkpoint(path, build_model("resnet50", 3), make_manifest(architecture="resnet50"))
    load_checkpoint(path)
    before = own_memory_bytes()
    loaded = load_checkpoint(path)
    grown = own_memory_bytes() - before
    assert loaded.manifest.architecture == "resnet50"
    assert grown < 0.2 * path.stat().st_size


def test_pickles_are_refused_by_content_whatever_their_name(tmp_path, model):
    zipped, bare = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    torch.save(model.state_dict(), zipped)
    torch.save({"weight": torch.zeros(2)}, bare, _use_new_zipfile_serialization=False)
    assert refusal(zipped).code == refusal(bare).code == "pickle_refused"


def test_a_pickle_that_would_run_a_program_does_not(tmp_path):
    trace = tmp_path / "ran"

    class Payload:
        def __reduce__(self):
            return os.mkdir, (str(trace),)

    path = tmp_path / "a.safetensors"
    path.write_bytes(pickle.dumps(Payload()))
    assert refusal(path).code == "pickle_refused"
    assert not trace.exists()


def test_no_line_of_the_package_unpickles():
    forbidden = ("torch.load(", "import pickle", "joblib.load", "allow_pickle=True", "weights_only=False")
    for source in Path(ml.__file__).parent.rglob("*.py"):
        text = source.read_text(encoding="utf-8")
        assert not [word for word in forbidden if word in text], source


@pytest.mark.parametrize("value", [float("nan"), float("inf")])
def test_weights_that_are_not_finite_are_refused_on_both_ways(
    tmp_path, tiny_checkpoint, make_manifest, value
):
    def spoil(tensors):
        tensors["tail.head.logits.bias"][1] = value

    assert refusal(rewrite(tiny_checkpoint, tmp_path / "a.safetensors", spoil)).code == "not_finite"
    broken = build_model("resnet18", 3)
    spoil(broken.state_dict())
    with pytest.raises(ManifestError) as caught:
        save_checkpoint(tmp_path / "b.safetensors", broken, make_manifest())
    assert caught.value.code == "not_finite"
    assert not (tmp_path / "b.safetensors").exists()


def test_weights_too_large_for_float16_are_refused_not_rounded_to_infinity(tmp_path, make_manifest):
    large = build_model("resnet18", 3)
    large.state_dict()["features.bn1.running_var"][0] = 1e6
    save_checkpoint(tmp_path / "full.safetensors", large, make_manifest())
    with pytest.raises(ManifestError, match="bn1"):
        save_checkpoint(tmp_path / "half.safetensors", large, make_manifest(), dtype="float16")


def rename_one(tensors):
    tensors["surprise"] = tensors.pop("tail.head.logits.bias")


def one_class_more(tensors):
    tensors["tail.head.logits.bias"] = torch.zeros(4)


def other_dtype(tensors):
    tensors["tail.head.logits.bias"] = torch.zeros(3, dtype=torch.float64)


@pytest.mark.parametrize(
    ("change", "code"),
    [(rename_one, "wrong_tensors"), (one_class_more, "wrong_shapes"), (other_dtype, "wrong_shapes")],
)
def test_tensors_must_fit_strictly(tmp_path, tiny_checkpoint, change, code):
    assert refusal(rewrite(tiny_checkpoint, tmp_path / "a.safetensors", change)).code == code


def test_unknown_architecture_other_classes_and_changed_weights(tmp_path, tiny_checkpoint, make_manifest):
    tensors = load_file(tiny_checkpoint)
    digest = tensor_sha256(tensors)
    for code, changes in {
        "unknown_architecture": {"architecture": "alexnet", "tensor_sha256": digest},
        "wrong_classes": {"class_names": ("lymphoma", "benign", "metastatic"), "tensor_sha256": digest},
        "wrong_hash": {"tensor_sha256": "0" * 64},
    }.items():
        path = tmp_path / f"{code}.safetensors"
        save_file(tensors, path, metadata={MANIFEST_KEY: make_manifest(**changes).to_json()})
        assert refusal(path).code == code


def test_model_and_manifest_must_agree_when_saved(tmp_path, model, make_manifest):
    with pytest.raises(ManifestError) as caught:
        save_checkpoint(tmp_path / "a.safetensors", model, make_manifest(architecture="resnet50"))
    assert caught.value.code == "wrong_shapes"


def test_models_of_other_organs_load_when_asked(tmp_path, make_manifest):
    path = tmp_path / "breast.safetensors"
    save_checkpoint(path, build_model("resnet18", 2), make_manifest(class_names=("benign", "malignant")))
    assert load_checkpoint(path, classes=None).model.num_classes == 2
    assert refusal(path).code == "wrong_classes"


def test_an_interrupted_write_leaves_the_old_file_and_nothing_else(
    tmp_path, model, make_manifest, monkeypatch
):
    path = tmp_path / "a.safetensors"
    save_checkpoint(path, model, make_manifest())
    before = path.read_bytes()

    def stop(tensors, part, metadata):
        Path(part).write_bytes(b"half")
        raise KeyboardInterrupt

    monkeypatch.setattr(checkpoint_module, "save_file", stop)
    with pytest.raises(KeyboardInterrupt):
        save_checkpoint(path, model, make_manifest(name="new"))
    assert path.read_bytes() == before
    assert list(tmp_path.iterdir()) == [path]


def test_a_manifest_that_outgrows_the_header_is_refused(tmp_path, model, make_manifest):
    with pytest.raises(ManifestError) as caught:
        save_checkpoint(tmp_path / "a.safetensors", model, make_manifest(extras={"big": "x" * 3 * 2**20}))
    assert caught.value.code == "header_too_large"
