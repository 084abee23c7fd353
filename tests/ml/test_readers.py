"""Every set in its published layout, as files written here; and what a reader says when it is wrong."""

from __future__ import annotations

import csv
from pathlib import Path

import cv2
import numpy as np
import pytest
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from ml.data.class_folders import patient_of
from ml.data.decode import BrokenImageError, decode
from ml.data.echonet import polygon_area, read_edcu
from ml.data.readers import READERS, read
from ml.data.samples import DataError, Sample, content_hashes, fingerprint, says_synthetic
from tests.ml.image_sets import picture, write_folder


def save(path: Path, seed: int = 0) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    picture(seed).save(path)


def test_auli_skips_outlines_and_reads_classes_from_folders(tmp_path):
    for number, name in enumerate(("Benign", "Malignant", "Normal")):
        save(tmp_path / name / name / "image" / "1.jpg", number)
        save(tmp_path / name / name / "segmentation" / "liver" / "1.png", number)
    found = read("auli", tmp_path)
    assert found.class_counts() == {"benign": 1, "malignant": 1, "normal": 1}
    assert [sample.path.suffix for sample in found.samples] == [".jpg"] * 3
    assert not found.has_patients


def test_busi_skips_masks(tmp_path):
    for name in ("benign", "malignant", "normal"):
        save(tmp_path / "Dataset_BUSI_with_GT" / name / f"{name} (1).png")
        save(tmp_path / "Dataset_BUSI_with_GT" / name / f"{name} (1)_mask.png")
        save(tmp_path / "Dataset_BUSI_with_GT" / name / f"{name} (1)_mask_1.png")
    assert read("busi", tmp_path).class_counts() == {"benign": 1, "malignant": 1, "normal": 1}


@pytest.mark.parametrize("layout", ["train/{organ}-0001.png", "{organ}/{organ}--0056.png"])
def test_ocau_takes_the_organ_from_the_name(tmp_path, layout):
    organs = ("bladder", "bowel", "gallbladder", "kidney", "liver", "spleen")
    for organ in organs:
        save(tmp_path / layout.format(organ=organ))
    found = read("ocau", tmp_path)
    assert found.class_names == organs
    assert set(found.class_counts().values()) == {1}


def write_ddti_case(root: Path, number: int, tirads: str, images: int = 1) -> None:
    for image in range(1, images + 1):
        save(root / f"{number}_{image}.jpg", number)
    score = f"<tirads>{tirads}</tirads>" if tirads else "<tirads/>"
    (root / f"{number}.xml").write_text(
        f"<case><number>{number}</number><age>40</age><sex>F</sex>{score}"
        '<mark><image>1</image><svg>[{"points": [{"x": 1, "y": 2}]}]</svg></mark></case>'
    )


def test_ddti_xml_maps_tirads_and_groups_by_case(tmp_path):
    for number, tirads in enumerate(["2", "3", "4a", "4b", "4c", "5", ""], start=1):
        write_ddti_case(tmp_path, number, tirads, images=2)
    found = read("ddti", tmp_path)
    assert found.class_counts() == {"benign": 4, "malignant": 8}  # the case without a score is left out
    assert {s.patient for s in found.samples if s.label == 0} == {"1", "2"}
    assert any("TI-RADS" in note for note in found.notes)


def test_ddti_refuses_xml_entities(tmp_path):
    write_ddti_case(tmp_path, 1, "2")
    (tmp_path / "1.xml").write_text('<!DOCTYPE x [<!ENTITY a "4a">]><case><tirads>&a;</tirads></case>')
    with pytest.raises(DataError, match="entities"):
        read("ddti", tmp_path)


def test_ddti_crops_use_their_table(tmp_path):
    save(tmp_path / "benign" / "2_1.png")
    save(tmp_path / "malignant" / "9_1(1).png")
    (tmp_path / "labels.csv").write_text(
        "file,case,tirads,class\nbenign/2_1.png,2,2,benign\nmalignant/9_1(1).png,9,4b,malignant\n"
    )
    found = read("ddti", tmp_path)
    assert [(s.patient, s.label) for s in found.samples] == [("2", 0), ("9", 1)]
    (tmp_path / "benign" / "2_1.png").unlink()
    with pytest.raises(DataError, match=r"benign/2_1\.png"):
        read("ddti", tmp_path)


def square(side: float) -> list[tuple[float, ...]]:
    """Tracing of a square: its long axis first, then chords from left to right edge."""
    chords = [(10, 10 + y, 10 + side, 10 + y) for y in np.linspace(0, side, 5)]
    return [(10, 10, 10, 10 + side), *chords]


def write_echonet(root: Path, tracings: dict[int, float]) -> None:
    (root / "Videos").mkdir(parents=True)
    writer = cv2.VideoWriter(str(root / "Videos/A.avi"), cv2.VideoWriter_fourcc(*"MJPG"), 30, (112, 112))
    for frame in range(8):
        writer.write(np.full((112, 112, 3), 30 * frame, dtype=np.uint8))
    writer.release()
    (root / "FileList.csv").write_text(
        "FileName,EF,ESV,EDV,FrameHeight,FrameWidth,FPS,NumberOfFrames,Split\nA,60\n"
    )
    with (root / "VolumeTracings.csv").open("w", newline="") as handle:
        table = csv.writer(handle)
        table.writerow(["FileName", "X1", "Y1", "X2", "Y2", "Frame"])
        for frame, side in tracings.items():
            table.writerows([["A.avi", *line, frame] for line in square(side)])


def test_edcu_takes_the_largest_ventricle_as_end_diastole(tmp_path):
    write_echonet(tmp_path, {2: 40.0, 6: 20.0})
    found = read("edcu", tmp_path)
    frames = {found.class_names[s.label]: s.frame for s in found.samples}
    assert frames == {"closed": 6, "open": 2}
    assert any("guess" in note for note in found.notes)
    levels = [np.asarray(decode(s)).mean() for s in sorted(found.samples, key=lambda s: s.frame)]
    assert levels == pytest.approx([60, 180], abs=4)  # frames 2 and 6 themselves, not their neighbours


def test_edcu_mapping_can_be_changed(tmp_path):
    write_echonet(tmp_path, {2: 40.0, 6: 20.0})
    swapped = read_edcu(tmp_path, {"end_systole": "open", "end_diastole": "closed"})
    assert {swapped.class_names[s.label]: s.frame for s in swapped.samples} == {"open": 6, "closed": 2}


def test_polygon_area_of_a_square():
    assert polygon_area(square(20)) == pytest.approx(400)


def test_lymph_nodes_in_the_published_layout(tmp_path):
    for folder in ("2d", "cdfi", "elastic"):
        for label in "012":
            save(tmp_path / "dataset" / folder / label / f"171-{label}.jpg")
    found = read("lymph-nodes", tmp_path)
    assert found.class_names == ("benign", "lymphoma", "metastatic")
    assert {s.modality for s in found.samples} == {"2d", "cdfi", "elastography"}
    assert {s.patient for s in found.samples} == {"171"}
    assert len(found.only("elastography")) == 3


@pytest.mark.parametrize(
    ("name", "patient"), [("171-3.jpg", "171"), ("a-b-12.png", "a-b"), ("scan.png", None), ("17-x.png", None)]
)
def test_patient_of_a_file_name(name, patient):
    assert patient_of(Path(name)) == patient


def test_own_folder_needs_no_code(tmp_path):
    found = read("folder", write_folder(tmp_path / "mine", modality="elastic"))
    assert found.class_names == ("benign", "lymphoma", "metastatic")
    assert {s.modality for s in found.samples} == {"elastography"}
    assert found.has_patients
    assert len(found) == 36


def test_own_folder_keeps_the_class_order_of_the_product(tmp_path):
    found = read("folder", write_folder(tmp_path / "mine", classes=("MLN", "BLN", "Lymphoma")))
    assert found.class_counts() == {"benign": 12, "lymphoma": 12, "metastatic": 12}
    labels = {s.path.parent.name: s.label for s in found.samples}
    assert labels == {"BLN": 0, "Lymphoma": 1, "MLN": 2}


def test_own_folder_with_other_classes(tmp_path):
    found = read("folder", write_folder(tmp_path / "mine", classes=("zebra", "ant")))
    assert found.class_names == ("ant", "zebra")


def test_own_csv(tmp_path):
    save(tmp_path / "scans" / "x.png")
    save(tmp_path / "scans" / "y.png", 1)
    (tmp_path / "mine.csv").write_text(
        "path,label,patient,modality\nscans/x.png,benign,7,cdfi\nscans/y.png,metastatic,,cdfi\n"
    )
    found = read("csv", tmp_path / "mine.csv")
    assert [(s.label, s.patient, s.modality) for s in found.samples] == [(0, "7", "cdfi"), (2, None, "cdfi")]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("file,label\nx.png,benign\n", "column"),
        ("path,label\nmissing.png,benign\n", "missing.png"),
        ("path,label,modality\nx.png,benign,mri\n", "mri"),
        ("path,label\n", "no rows"),
    ],
)
def test_own_csv_that_is_wrong(tmp_path, text, message):
    save(tmp_path / "x.png")
    (tmp_path / "mine.csv").write_text(text)
    with pytest.raises(DataError, match=message):
        read("csv", tmp_path / "mine.csv")


@pytest.mark.parametrize("name", [name for name in READERS if name != "csv"])
def test_a_missing_folder_is_a_sentence(tmp_path, name):
    with pytest.raises(DataError, match="does not exist"):
        read(name, tmp_path / "nowhere")


def test_an_empty_class_is_named(tmp_path):
    save(tmp_path / "benign" / "1.png")
    save(tmp_path / "normal" / "1.png")
    with pytest.raises(DataError, match="malignant"):
        read("busi", tmp_path)


def test_a_broken_image_is_named(tmp_path):
    (tmp_path / "broken.png").write_bytes(b"\x89PNG\r\n\x1a\n no image")
    with pytest.raises(BrokenImageError, match=r"broken\.png"):
        decode(Sample("broken.png", tmp_path / "broken.png", 0))


def test_the_order_does_not_depend_on_the_directory(tmp_path):
    found = read("folder", write_folder(tmp_path / "mine"))
    ids = [s.image_id for s in found.samples]
    assert ids == sorted(ids)


def test_fingerprint_sees_pixels_and_labels(tmp_path):
    root = write_folder(tmp_path / "mine")
    first = read("folder", root)
    before = fingerprint(first, content_hashes(first))
    assert before == fingerprint(first, content_hashes(first))
    (root / "benign" / "p00-0.png").rename(root / "lymphoma" / "p00-0.png")
    moved = read("folder", root)
    after = fingerprint(moved, content_hashes(moved))
    assert after != before
    picture(99).save(root / "benign" / "p00-1.png")
    changed = read("folder", root)
    assert fingerprint(changed, content_hashes(changed)) not in (before, after)


def test_a_synthetic_set_is_known_by_its_files(tmp_path):
    root = write_folder(tmp_path / "mine")
    assert not says_synthetic(read("folder", root))
    info = PngInfo()
    info.add_text("SYNTHETIC", "yes")
    Image.new("RGB", (40, 40)).save(root / "benign" / "p99-0.png", pnginfo=info)
    assert says_synthetic(read("folder", root))
