"""Names and orders that results, files and the API rely on."""

from ml import taxonomy
from ml.taxonomy import Modality


def test_class_order_is_the_published_one():
    assert taxonomy.CLASS_NAMES == ("benign", "lymphoma", "metastatic")
    assert [taxonomy.CLASS_CODES[name] for name in taxonomy.CLASS_NAMES] == ["BLN", "Lymphoma", "MLN"]


def test_modalities_are_plain_texts_in_json_and_urls():
    assert [f"{modality}" for modality in taxonomy.MODALITIES] == ["2d", "cdfi", "elastography"]
    assert Modality("cdfi") is Modality.CDFI


def test_every_published_folder_has_its_modality():
    assert taxonomy.PUBLISHED_FOLDERS["elastic"] is Modality.ELASTOGRAPHY
    assert set(taxonomy.PUBLISHED_FOLDERS.values()) == set(Modality)
