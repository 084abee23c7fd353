"""A manifest is read without torch, and every way to be wrong has its code and a sentence."""

import io
import json
import pickle
import subprocess
import sys
import zipfile
from dataclasses import replace

import pytest

from ml.manifest import (
    FORMAT_VERSION,
    MANIFEST_KEY,
    MAX_HEADER_BYTES,
    Manifest,
    ManifestError,
    read_manifest,
    verify_tensors,
)


def safetensors_bytes(header: dict | bytes, data: bytes = b"") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    return len(text).to_bytes(8, "little") + text + data


def with_manifest(text: str) -> bytes:
    entry = {"dtype": "U8", "shape": [2], "data_offsets": [0, 2]}
    return safetensors_bytes({"__metadata__": {MANIFEST_KEY: text}, "a": entry}, b"ab")


def refusal(tmp_path, content: bytes) -> ManifestError:
    path = tmp_path / "file.safetensors"
    path.write_bytes(content)
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    assert caught.value.detail.endswith(".")
    return caught.value


def zip_with(name: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr(name, pickle.dumps({}))
    return buffer.getvalue()


def test_round_trip_keeps_every_field(make_manifest):
    manifest = make_manifest(extras={"calibration": {"temperature": 1.3}}, metrics={"auc": [0.9, 0.8]})
    assert Manifest.from_json(manifest.to_json()) == manifest


def test_reads_from_the_header_alone(tmp_path, make_manifest):
    path = tmp_path / "a.safetensors"
    path.write_bytes(with_manifest(make_manifest().to_json()))
    assert read_manifest(path) == make_manifest()


ENTRY = {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}


@pytest.mark.parametrize(
    ("code", "content"),
    [
        ("truncated", b""),
        ("not_safetensors", b"\x07"),
        ("not_safetensors", b"<!DOCTYPE html><html></html>"),
        ("not_safetensors", b"\x89PNG\r\n\x1a\n" + bytes(100)),
        ("pickle_refused", pickle.dumps({"weight": [1.0]}, protocol=2)),
        ("pickle_refused", pickle.dumps({"weight": [1.0]}, protocol=5)),
        ("pickle_refused", zip_with("archive/data.pkl")),
        ("header_too_large", (100 * 2**20).to_bytes(8, "little") + b"{" + bytes(64)),
        ("header_too_large", (2**64 - 1).to_bytes(8, "little") + b"{}"),
        ("truncated", (5000).to_bytes(8, "little") + b"{}"),
        ("truncated", safetensors_bytes({"a": ENTRY}, b"abc")),
        ("not_safetensors", safetensors_bytes({"a": ENTRY}, b"abcde")),
        ("not_safetensors", safetensors_bytes(b'{"a": ')),
        ("not_safetensors", safetensors_bytes(b'{"a":' * 20_000)),
        ("not_safetensors", safetensors_bytes(b'{"a":{"dtype":"F32"},"a":{}}')),
        ("not_safetensors", safetensors_bytes({"a": {**ENTRY, "shape": [2]}}, b"abcd")),
        ("not_safetensors", safetensors_bytes({"a": {**ENTRY, "shape": [-1]}}, b"abcd")),
        ("not_safetensors", safetensors_bytes({"a": {**ENTRY, "shape": [True]}}, b"abcd")),
        ("not_safetensors", safetensors_bytes({"a": {**ENTRY, "dtype": "X9"}}, b"abcd")),
        ("not_safetensors", safetensors_bytes({"a": ENTRY, "b": ENTRY}, b"abcd")),
        ("not_safetensors", safetensors_bytes({"__metadata__": {"k": 1}})),
        ("manifest_missing", safetensors_bytes({"a": ENTRY}, b"abcd")),
        ("manifest_invalid", with_manifest("nonsense")),
        ("manifest_invalid", with_manifest("[]")),
        ("manifest_invalid", with_manifest('{"seed": NaN}')),
    ],
)
def test_files_that_are_no_checkpoint(tmp_path, code, content):
    assert refusal(tmp_path, content).code == code


def test_a_header_of_640_bytes_is_not_taken_for_a_pickle(tmp_path, make_manifest):
    bare = with_manifest(make_manifest().to_json())
    text = bare[8:-2]
    # 0x0280: the length's first two bytes are those of a pickle of protocol 2.
    length = 0x0280 + 0x10000
    path = tmp_path / "a.safetensors"
    path.write_bytes(length.to_bytes(8, "little") + text.ljust(length) + b"ab")
    assert path.read_bytes()[:2] == b"\x80\x02"
    assert read_manifest(path) == make_manifest()


def test_the_header_is_capped_before_it_is_read(tmp_path):
    path = tmp_path / "large.safetensors"
    with path.open("wb") as file:
        file.write((MAX_HEADER_BYTES + 1).to_bytes(8, "little") + b"{")
        file.truncate(MAX_HEADER_BYTES * 4)
    with pytest.raises(ManifestError) as caught:
        read_manifest(path)
    assert caught.value.code == "header_too_large"


@pytest.mark.parametrize(
    ("code", "field", "value"),
    [
        ("format_version", "format_version", FORMAT_VERSION + 1),
        ("format_version", "format_version", True),
        ("unknown_modality", "modality", "ct"),
        ("wrong_classes", "class_names", ["benign", "metastatic", "lymphoma"]),
        ("wrong_classes", "class_names", ["benign", "malignant"]),
        ("preprocessing_version", "preprocessing_version", "crop-9"),
        ("manifest_invalid", "class_names", ["benign", "benign", "metastatic"]),
        ("manifest_invalid", "name", " "),
        ("manifest_invalid", "architecture", 152),
        ("manifest_invalid", "modality", ["2d"]),
        ("manifest_invalid", "input_size", 100_000),
        ("manifest_invalid", "input_size", 64.0),
        ("manifest_invalid", "mean", [0.1, 0.2]),
        ("manifest_invalid", "std", [0.1, 0.2, 0]),
        ("manifest_invalid", "seed", True),
        ("manifest_invalid", "config", []),
        ("manifest_invalid", "metrics", None),
        ("manifest_invalid", "limits", ["ok", 3]),
        ("manifest_invalid", "synthetic", 1),
        ("manifest_invalid", "created_at", "yesterday"),
        ("manifest_invalid", "storage_dtype", "int8"),
        ("manifest_invalid", "tensor_sha256", "A" * 64),
        ("manifest_invalid", "extras", "none"),
    ],
)
def test_a_wrong_field_is_named(make_manifest, code, field, value):
    values = json.loads(make_manifest().to_json()) | {field: value}
    with pytest.raises(ManifestError) as caught:
        Manifest.from_json(json.dumps(values))
    assert caught.value.code == code
    if code == "manifest_invalid":
        assert field in caught.value.detail


def test_missing_and_unknown_fields_are_listed(make_manifest):
    values = json.loads(make_manifest().to_json())
    del values["licence"], values["seed"]
    with pytest.raises(ManifestError, match="licence") as caught:
        Manifest.from_json(json.dumps(values))
    assert caught.value.code == "manifest_incomplete"
    assert "seed" in caught.value.detail
    with pytest.raises(ManifestError, match="surprise"):
        Manifest.from_json(json.dumps(json.loads(make_manifest().to_json()) | {"surprise": 1}))


def test_other_classes_are_read_when_they_are_not_demanded(make_manifest):
    text = make_manifest(class_names=("normal", "malignant")).to_json()
    assert Manifest.from_json(text, classes=None).class_names == ("normal", "malignant")


@pytest.mark.parametrize("extras", [{"loss": float("nan")}, {"when": object()}])
def test_what_json_cannot_hold_is_refused_when_written(make_manifest, extras):
    with pytest.raises(ManifestError) as caught:
        make_manifest(extras=extras).to_json()
    assert caught.value.code == "manifest_invalid"


def test_one_changed_byte_of_the_weights_is_noticed(tmp_path, tiny_checkpoint):
    expected = read_manifest(tiny_checkpoint).tensor_sha256
    assert verify_tensors(tiny_checkpoint) == expected
    content = bytearray(tiny_checkpoint.read_bytes())
    content[-1000] ^= 1
    changed = tmp_path / "changed.safetensors"
    changed.write_bytes(content)
    assert read_manifest(changed).tensor_sha256 == expected
    with pytest.raises(ManifestError) as caught:
        verify_tensors(changed)
    assert caught.value.code == "wrong_hash"


def test_the_torch_free_rooms_stay_free_of_torch():
    code = "import sys, ml.taxonomy, ml.manifest, ml.colormap; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_former_format_stays_readable(make_manifest):
    """Version 1 had no golden images; results made with such files must stay explainable."""
    former = replace(make_manifest(), format_version=1)
    assert Manifest.from_json(former.to_json()).format_version == 1
