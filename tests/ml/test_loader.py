"""What reaches the device: uint8, in a seeded order, normalised there exactly as everywhere else."""

from __future__ import annotations

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from PIL import Image

from ml.data.augment import augment
from ml.data.augmentation import Augmentation
from ml.data.loader import cut, epoch_order, load
from ml.data.samples import DataError
from ml.transforms import eval_transform, normalise
from tests.ml.image_sets import cached_in

CPU = torch.device("cpu")
MEAN, STD = (0.485, 0.456, 0.406), (0.229, 0.224, 0.225)


@pytest.fixture(scope="module")
def cached(tmp_path_factory):
    return cached_in(tmp_path_factory.mktemp("loader"), patients=4)


def test_batches_are_uint8_and_complete(cached):
    batches = list(load(cached, cut(np.arange(len(cached)), 10), CPU))
    assert [batch.images.dtype for batch in batches] == [torch.uint8] * len(batches)
    images = torch.cat([batch.images for batch in batches])
    assert np.array_equal(images.numpy(), cached.images)
    assert torch.cat([batch.labels for batch in batches]).tolist() == cached.samples.labels


def test_normalised_batches_equal_the_evaluation_transform(cached):
    how = SimpleNamespace(input_size=32, mean=MEAN, std=STD)
    batch = next(load(cached, [np.arange(6)], CPU))
    given = normalise(batch.images, MEAN, STD)
    for sample, tensor in zip(cached.samples.samples[:6], given, strict=True):
        assert torch.equal(tensor, eval_transform(how)(Image.open(sample.path)))


def test_the_order_is_a_function_of_the_seed(cached):
    rows = np.arange(len(cached))
    first = epoch_order(cached, rows, seed=(1, 2, 3), balance=True)
    assert np.array_equal(first, epoch_order(cached, rows, seed=(1, 2, 3), balance=True))
    assert not np.array_equal(first, epoch_order(cached, rows, seed=(1, 3, 3), balance=True))


@pytest.mark.parametrize(
    ("images", "sizes"),
    [(48, [16, 16, 16]), (49, [16, 16, 17]), (55, [16, 16, 23]), (56, [16, 16, 16, 8]), (5, [5])],
)
def test_a_small_remainder_joins_the_last_batch(images, sizes):
    batches = cut(np.arange(images), 16)
    assert [len(batch) for batch in batches] == sizes
    assert np.array_equal(np.concatenate(batches), np.arange(images))


def test_two_processes_share_each_batch(cached):
    batches = cut(np.arange(len(cached)), 9)
    shares = [list(load(cached, batches, CPU, rank=rank, world=2)) for rank in (0, 1)]
    for rows, first, second in zip(batches, *shares, strict=True):
        assert first.count == second.count == len(rows)
        assert np.array_equal(torch.cat([first.images, second.images]).numpy(), cached.images[rows])


def test_no_batches_no_images(cached):
    assert list(load(cached, [], CPU)) == []


def test_augmentation_is_off_by_default():
    assert not Augmentation().active


@pytest.mark.parametrize("name", ["vertical_flip", "hue", "saturation"])
def test_unsafe_augmentation_is_refused_with_the_reason(name):
    with pytest.raises(DataError, match=name):
        Augmentation.from_dict({name: 0.5})


def test_an_unknown_augmentation_is_refused():
    with pytest.raises(DataError, match="mixup"):
        Augmentation.from_dict({"mixup": 0.5})


def test_gain_and_speckle_keep_the_hue():
    batch = torch.tensor([80, 40, 20], dtype=torch.uint8).expand(4, 32, 32, 3)
    changed = augment(batch, Augmentation(gain=0.3, speckle=0.1), seed=1)
    assert changed.std() > 1
    inside = changed[:, 4:-4, 4:-4]
    ratios = inside / inside[..., :1]
    assert torch.allclose(ratios, torch.tensor([1, 0.5, 0.25]).expand_as(ratios), atol=0.01)


def test_a_flip_mirrors_left_and_right_only():
    batch = torch.zeros(32, 16, 16, 3, dtype=torch.uint8)
    batch[:, :8, :8] = 200  # upper left
    changed = augment(batch, Augmentation(horizontal_flip=True), seed=2)
    left, right = changed[:, :8, :8].mean(dim=(1, 2, 3)), changed[:, :8, 8:].mean(dim=(1, 2, 3))
    mirrored = int((right > left).sum())
    assert 8 <= mirrored <= 24
    assert changed[:, 9:].max() < 1  # nothing ever moves from top to bottom


def test_augmentation_is_a_function_of_the_seed():
    batch = torch.randint(0, 256, (4, 16, 16, 3), dtype=torch.uint8)
    how = Augmentation(True, 10, 0.1, 0.1, 0.2, 0.05)
    assert torch.equal(augment(batch, how, 5), augment(batch, how, 5))
    assert not torch.equal(augment(batch, how, 5), augment(batch, how, 6))


def test_no_change_gives_the_same_pixels():
    batch = torch.randint(0, 256, (2, 16, 16, 3), dtype=torch.uint8)
    assert torch.allclose(augment(batch, Augmentation(), 0), batch.float(), atol=1e-3)
