"""Decode once: pixels are those of the transforms, the key is the content, a failure leaves nothing."""

from __future__ import annotations

import errno
import os
from collections import namedtuple
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from ml.atomic import disk_full_message, write_atomically
from ml.commands import CommandError
from ml.commands._training import sentences
from ml.data import cache
from ml.data.cache import open_cache
from ml.data.class_folders import read_folder
from ml.data.decode import BrokenImageError
from ml.data.samples import DataError
from ml.transforms import resize_uint8
from tests.ml.image_sets import picture, samples_in


def folders(root: Path) -> set[str]:
    return {path.name for path in (root / "cache").iterdir()}


def test_pixels_are_those_of_the_one_resize(tmp_path):
    samples = samples_in(tmp_path, patients=2)
    cached = open_cache(samples, 48, tmp_path / "cache")
    assert cached.images.dtype == np.uint8
    assert cached.images.shape == (len(samples), 48, 48, 3)
    for sample, pixels in zip(samples.samples, cached.images, strict=True):
        assert np.array_equal(pixels, resize_uint8(Image.open(sample.path), 48))


def test_images_are_mapped_not_loaded(tmp_path):
    assert isinstance(open_cache(samples_in(tmp_path), 32, tmp_path / "cache").images, np.memmap)


def test_a_second_opening_decodes_nothing(tmp_path, monkeypatch):
    samples = samples_in(tmp_path, patients=2)
    first = open_cache(samples, 32, tmp_path / "cache")
    monkeypatch.setattr(cache, "decode", lambda _: pytest.fail("decoded again"))
    second = open_cache(samples, 32, tmp_path / "cache")
    assert np.array_equal(first.images, second.images)
    assert np.array_equal(first.perceptual_hashes, second.perceptual_hashes)


def test_labels_do_not_matter_to_the_cache_but_content_and_size_do(tmp_path):
    root = tmp_path / "images"
    samples = samples_in(tmp_path, patients=2)
    first = open_cache(samples, 32, tmp_path / "cache")
    relabelled = samples.__class__(
        samples.name, samples.class_names[::-1], samples.samples, samples.organ, samples.notes
    )
    assert open_cache(relabelled, 32, tmp_path / "cache").fingerprint != first.fingerprint
    assert len(folders(tmp_path)) == 1
    open_cache(samples, 40, tmp_path / "cache")
    assert len(folders(tmp_path)) == 2
    picture(77).save(root / "benign" / "p00-0.png")  # same name, other content
    changed = open_cache(read_folder(root), 32, tmp_path / "cache")
    assert len(folders(tmp_path)) == 3
    assert not np.array_equal(changed.images[0], first.images[0])


def test_the_preprocessing_version_is_part_of_the_key(tmp_path, monkeypatch):
    samples = samples_in(tmp_path, patients=2)
    open_cache(samples, 32, tmp_path / "cache")
    monkeypatch.setattr(cache, "PREPROCESSING_VERSION", "another")
    open_cache(samples, 32, tmp_path / "cache")
    assert len(folders(tmp_path)) == 2


def test_broken_images_are_all_named_and_nothing_stays_behind(tmp_path):
    samples = samples_in(tmp_path, patients=2)
    for name in ("benign/p00-0.png", "lymphoma/p10-1.png"):
        (tmp_path / "images" / name).write_bytes(b"no image")
    with pytest.raises(BrokenImageError, match="2 of 12") as caught:
        open_cache(samples, 32, tmp_path / "cache")
    assert "p00-0.png" in str(caught.value)
    assert "p10-1.png" in str(caught.value)
    assert folders(tmp_path) == set()


def test_broken_images_can_be_skipped(tmp_path):
    samples = samples_in(tmp_path, patients=2)
    (tmp_path / "images" / "benign" / "p00-0.png").write_bytes(b"no image")
    cached = open_cache(samples, 32, tmp_path / "cache", skip_broken=True)
    assert len(cached) == 11
    assert len(cached.images) == len(cached.samples.samples) == len(cached.content) == 11
    assert "benign/p00-0.png" not in {sample.image_id for sample in cached.samples.samples}


def test_a_disk_too_small_is_refused_before_the_work(tmp_path, monkeypatch):
    usage = namedtuple("usage", "total used free")
    monkeypatch.setattr(cache.shutil, "disk_usage", lambda _: usage(10**9, 10**9, 1000))
    with pytest.raises(DataError, match="GiB left"):
        open_cache(samples_in(tmp_path, patients=2), 32, tmp_path / "cache")
    assert folders(tmp_path) == set()


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_a_sentence(tmp_path):
    full = Path("/dev/full").open("wb", buffering=0)  # noqa: SIM115  closed below
    with full, pytest.raises(CommandError, match="is full"), sentences(), disk_full_message(tmp_path):
        full.write(b"x")


def test_other_failures_stay_what_they_are(tmp_path):
    with pytest.raises(PermissionError), disk_full_message(tmp_path):
        raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))


def test_a_failed_write_leaves_the_old_file(tmp_path):
    path = tmp_path / "run.json"
    write_atomically(path, lambda part: part.write_text("old"))

    def fail(part: Path) -> None:
        part.write_text("half of the n")
        raise OSError(errno.ENOSPC, "full")

    with pytest.raises(OSError, match="full"):
        write_atomically(path, fail)
    assert path.read_text() == "old"
    assert [item.name for item in tmp_path.iterdir()] == ["run.json"]
