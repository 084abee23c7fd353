"""The split classifier is its backbone plus the paper's head, cut where Grad-CAM looks."""

import pytest
import torch
import torchvision
from torch import nn

from ml.model import build_model


@pytest.mark.parametrize("architecture", ["resnet18", "resnet50"])
def test_features_are_those_of_torchvision(architecture):
    model = build_model(architecture, 3).eval()
    reference = torchvision.models.get_model(architecture, weights=None).eval()
    own = reference.load_state_dict(model.features.state_dict(), strict=False)
    assert own.missing_keys == ["fc.weight", "fc.bias"]
    assert not own.unexpected_keys
    reference.fc = nn.Identity()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        pooled = model.tail.neck(model.features(images))
        torch.testing.assert_close(pooled, reference(images))


def test_head_is_the_papers():
    model = build_model("resnet152", 3)
    hidden, relu, logits = model.tail.head
    assert (hidden.in_features, hidden.out_features) == (model.feature_dim, 256) == (2048, 256)
    assert isinstance(relu, nn.ReLU)
    assert (logits.in_features, logits.out_features) == (256, 3)


def test_forward_is_tail_after_features():
    model = build_model("resnet18", 4).eval()
    images = torch.randn(2, 3, 64, 64)
    with torch.no_grad():
        features = model.features(images)
        assert features.shape == (2, model.feature_dim, 2, 2)
        assert torch.equal(model(images), model.tail(features))
        assert torch.equal(model.tail.cam(features), features)
    assert model(images).shape == (2, 4)


def test_weights_are_random_by_seed():
    torch.manual_seed(1)
    first = build_model("resnet18", 3)
    torch.manual_seed(1)
    same = build_model("resnet18", 3)
    other = build_model("resnet18", 3)
    weight = "features.layer4.1.conv2.weight"
    assert torch.equal(first.state_dict()[weight], same.state_dict()[weight])
    assert not torch.equal(first.state_dict()[weight], other.state_dict()[weight])


def test_unknown_architectures_and_single_classes_are_refused():
    with pytest.raises(KeyError, match="resnet152"):
        build_model("resnet9000", 3)
    with pytest.raises(ValueError, match="two classes"):
        build_model("resnet18", 1)
