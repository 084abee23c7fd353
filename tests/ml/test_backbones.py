"""Every family is cut at its Grad-CAM layer without changing what the network computes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
import torchvision
from safetensors.torch import save_file

from ml.backbones import BACKBONES, find_backbone, network_for, split
from ml.checkpoint import load_checkpoint, save_checkpoint
from ml.data.samples import DataError
from ml.gradcam import class_maps
from ml.model import build_model
from ml.taxonomy import PAPER_ARCHITECTURES
from ml.train.multitask import MultiTaskClassifier
from ml.train.start import (
    BACKBONE_KEY,
    IMAGENET,
    _fit_positions,
    backbone_state,
    imagenet_parts,
    load_backbone,
    start_model,
)

SMALL = ("resnet18", "convnext_tiny", "efficientnet_b0", "vit_b_16")
TIMM = ("timm:test_resnet", "timm:test_convnext", "timm:test_vit", "timm:test_efficientnet")


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


def network_without_head(name: str, size: int) -> torch.nn.Module:
    """The whole torchvision network with its last linear layer made an identity."""
    network = network_for(name, size).eval()
    if name.startswith("resnet"):
        network.fc = torch.nn.Identity()
    elif name.startswith("vit"):
        network.heads = torch.nn.Identity()
    elif name.startswith("convnext"):
        network.classifier[-1] = torch.nn.Identity()
    else:
        network.classifier = torch.nn.Identity()
    return network


@pytest.mark.parametrize("name", SMALL)
def test_cut_networks_compute_what_torchvision_computes(name):
    torch.manual_seed(0)
    network = network_for(name, 64).eval()
    images = torch.randn(2, 3, 64, 64)
    whole = network_without_head(name, 64)
    whole.load_state_dict(network.state_dict(), strict=False)
    parts = split(name, network)
    with torch.no_grad():
        assert torch.equal(parts.neck(parts.features(images)), whole(images))


@pytest.mark.parametrize("name", [*SMALL, *TIMM])
def test_every_class_has_a_map_on_the_feature_grid(name):
    torch.manual_seed(1)
    model = build_model(name, 3, 64).eval()
    with torch.no_grad():
        features = model.features(torch.randn(2, 3, 64, 64))
    maps = class_maps(model, features)
    side = maps.shape[-1]
    assert maps.shape == (2, 3, side, side)
    assert side == (4 if "vit" in name else 2)
    assert maps.max() > 0


def test_vit_maps_have_a_gradient_behind_the_cut():
    """Behind the last block only the class token reaches the head: a cut there would give empty maps."""
    torch.manual_seed(2)
    model = build_model("vit_b_16", 3, 64).eval()
    features = model.features(torch.randn(1, 3, 64, 64)).detach().requires_grad_()
    model.tail(features)[0, 0].backward()
    assert features.grad is not None
    assert features.grad[0, 1:].abs().sum() > 0


def test_an_unknown_name_lists_the_known_ones():
    with pytest.raises(KeyError, match="resnet152"):
        find_backbone("resnet151")
    with pytest.raises(DataError, match="no model"):
        start_model("timm:resnet151x", 3, 64, "random")
    with pytest.raises(DataError, match="multiple of 16"):
        start_model("vit_b_16", 3, 70, "random")


def test_all_four_of_the_paper_are_there():
    assert set(PAPER_ARCHITECTURES) <= set(BACKBONES)


@pytest.mark.parametrize("name", TIMM)
def test_timm_models_survive_a_checkpoint(tmp_path, make_manifest, name):
    model = build_model(name, 3, 64).eval()
    save_checkpoint(tmp_path / "m.safetensors", model, make_manifest(architecture=name))
    loaded = load_checkpoint(tmp_path / "m.safetensors")
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        assert torch.equal(loaded.model(images), model(images))


def save_backbone(path: Path, name: str, size: int) -> torch.nn.Module:
    model = MultiTaskClassifier(build_model(name, 2, size), {"a": 2, "b": 5})
    state = {key: tensor.clone() for key, tensor in backbone_state(model.features, model.neck).items()}
    save_file(state, path, metadata={BACKBONE_KEY: json.dumps({"architecture": name})})
    return model


@pytest.mark.parametrize("name", ["timm:test_resnet", "vit_b_16"])
def test_a_pretrained_backbone_is_taken_over_and_the_head_is_new(tmp_path, name):
    pretrained = save_backbone(tmp_path / "b.safetensors", name, 64).eval()
    model = start_model(name, 3, 64, str(tmp_path / "b.safetensors")).eval()
    images = torch.randn(1, 3, 64, 64)
    with torch.no_grad():
        ours = model.tail.get_submodule("neck")(model.features(images))
        theirs = pretrained.neck(pretrained.features(images))
    assert torch.equal(ours, theirs)
    assert model.tail.get_submodule("head.logits").weight.shape == (3, 256)


def test_position_embeddings_are_interpolated_to_another_size(tmp_path):
    save_backbone(tmp_path / "b.safetensors", "vit_b_16", 64)
    model = build_model("vit_b_16", 3, 96)
    load_backbone(model, tmp_path / "b.safetensors")
    small = build_model("vit_b_16", 3, 64)
    load_backbone(small, tmp_path / "b.safetensors")
    large, origin = (m.features.pos_embedding.detach() for m in (model, small))
    assert large.shape == (1, 37, 768)
    assert torch.equal(large[:, 0], origin[:, 0])  # the class token's is kept
    corners = [(1, 1), (6, 4), (31, 13), (36, 16)]  # of the 6 × 6 and the 4 × 4 grid
    for new, old in corners:
        assert torch.allclose(large[0, new], origin[0, old], atol=1e-6)


def test_torchvisions_own_interpolation_agrees():
    state = {"encoder.pos_embedding": torch.randn(1, 197, 32)}
    theirs = torchvision.models.vision_transformer.interpolate_embeddings(384, 16, dict(state))
    _fit_positions(state, "encoder.pos_embedding", {"encoder.pos_embedding": torch.empty(1, 577, 32)})
    assert torch.allclose(state["encoder.pos_embedding"], theirs["encoder.pos_embedding"], atol=1e-6)


def test_a_start_of_another_architecture_is_a_sentence(tmp_path):
    save_backbone(tmp_path / "b.safetensors", "timm:test_resnet", 64)
    with pytest.raises(DataError, match="timm:test_resnet"):
        start_model("timm:test_vit", 3, 64, str(tmp_path / "b.safetensors"))


@pytest.mark.parametrize("content", [b"", b"not safetensors at all", b"\x80\x04pickle"])
def test_a_start_that_is_no_checkpoint_is_a_sentence(tmp_path, content):
    (tmp_path / "b.safetensors").write_bytes(content)
    with pytest.raises(DataError, match="no backbone"):
        start_model("timm:test_vit", 3, 64, str(tmp_path / "b.safetensors"))
    with pytest.raises(DataError, match="is no file"):
        start_model("timm:test_vit", 3, 64, str(tmp_path / "nowhere.safetensors"))


def test_imagenet_without_internet_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    for variable in ("HTTPS_PROXY", "https_proxy"):
        monkeypatch.setenv(variable, "http://127.0.0.1:9")  # nobody listens there
    with pytest.raises(DataError, match="put the file into") as caught:
        start_model("resnet18", 3, 64, IMAGENET)
    assert "resnet18-f37072fd.pth" in str(caught.value)


def test_imagenet_from_a_file_put_there_by_hand(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH_HOME", str(tmp_path))
    torch.manual_seed(5)
    network = torchvision.models.resnet18(weights=None)
    folder = tmp_path / "hub" / "checkpoints"
    folder.mkdir(parents=True)
    torch.save(network.state_dict(), folder / "resnet18-f37072fd.pth")
    parts = imagenet_parts("resnet18", 64)
    assert torch.equal(parts.features.get_submodule("conv1").weight, network.conv1.weight)
    shutil.rmtree(folder)


@pytest.mark.long
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("name", PAPER_ARCHITECTURES)
def test_full_size_backbones_train_save_load_and_explain_at_384_px(tmp_path, make_manifest, name):
    """One Adam step, one save and load, one map, at the paper's size."""
    torch.manual_seed(3)
    model = start_model(name, 3, 384, "random")
    optimizer = torch.optim.Adam(model.parameters(), lr=5e-5, fused=True)
    images = torch.randn(2, 3, 384, 384)
    loss = torch.nn.functional.cross_entropy(model(images), torch.tensor([0, 2]))
    loss.backward()
    optimizer.step()
    assert torch.isfinite(loss)
    model.eval()
    manifest = make_manifest(architecture=name, input_size=384)
    save_checkpoint(tmp_path / "full.safetensors", model, manifest)
    del optimizer
    loaded = load_checkpoint(tmp_path / "full.safetensors")
    with torch.no_grad():
        features = loaded.model.features(images[:1])
        assert torch.allclose(loaded.model.tail(features), model(images[:1]), atol=1e-4)
    maps = class_maps(loaded.model, features)
    assert maps.shape[:2] == (1, 3)
    assert maps.shape[2] == (24 if name == "vit_b_16" else 12)
    assert np.isfinite(maps).all()
