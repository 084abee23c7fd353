"""One preprocessing, equal to torchvision's definition of it."""

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import v2

from ml.transforms import eval_transform, normalise, resize_uint8, train_transform


def test_equals_torchvision_on_the_resized_image(picture, make_manifest):
    manifest = make_manifest(input_size=48)
    reference = v2.Compose(
        [
            v2.Resize((48, 48), interpolation=v2.InterpolationMode.BILINEAR),
            v2.ToImage(),
            v2.ToDtype(torch.float32, scale=True),
            v2.Normalize(manifest.mean, manifest.std),
        ]
    )
    for seed in range(3):
        image = picture(seed, 133, 77)
        torch.testing.assert_close(
            eval_transform(manifest)(image), reference(image).as_subclass(torch.Tensor), rtol=0, atol=2e-6
        )


def test_resize_stretches_and_keeps_the_order_of_colours():
    image = Image.new("RGB", (200, 50), (250, 20, 5))
    pixels = resize_uint8(image, 32)
    assert pixels.shape == (32, 32, 3)
    assert pixels.dtype == np.uint8
    assert (pixels == (250, 20, 5)).all()


@pytest.mark.parametrize("mode", ["L", "RGBA", "P", "CMYK", "1"])
def test_every_pillow_mode_becomes_three_channels(picture, mode):
    assert resize_uint8(picture().convert(mode), 40).shape == (40, 40, 3)


def test_a_batch_is_normalised_as_its_images_are(picture, make_manifest):
    manifest = make_manifest()
    images = [picture(seed) for seed in range(3)]
    stacked = torch.from_numpy(np.stack([resize_uint8(image, 64) for image in images]))
    before = stacked.clone()
    batch = normalise(stacked, manifest.mean, manifest.std)
    assert torch.equal(stacked, before)
    assert torch.equal(batch, torch.stack([eval_transform(manifest)(image) for image in images]))


def test_training_augments_only_when_asked(picture, make_manifest):
    manifest, image = make_manifest(), picture()
    plain = eval_transform(manifest)(image)
    assert torch.equal(train_transform(manifest)(image), plain)
    flipped = train_transform(manifest, augment=lambda pixels: pixels[:, ::-1])(image)
    assert torch.equal(flipped, plain.flip(2))
    assert not torch.equal(flipped, plain)
