"""Modalities, classes and architectures: the one place where their names and order are written down."""

from enum import StrEnum


class Modality(StrEnum):
    """The three ultrasound modes of the paper (§2.1)."""

    B_MODE = "2d"
    CDFI = "cdfi"
    ELASTOGRAPHY = "elastography"


MODALITIES: tuple[Modality, ...] = tuple(Modality)


class Joining(StrEnum):
    """What stands in the modality's place where a version joins the answers of several (`ml.fusion`)."""

    FUSION = "fusion"


FUSION_ARCHITECTURE = "stacking"

# Order of logits, probabilities and maps everywhere.
CLASS_NAMES: tuple[str, ...] = ("benign", "lymphoma", "metastatic")

# The paper's abbreviations (benign lymph node, lymphoma, metastatic lymph node).
CLASS_CODES: dict[str, str] = {"benign": "BLN", "lymphoma": "Lymphoma", "metastatic": "MLN"}

# Folders of the published data set (Zenodo record 12702916): dataset/<folder>/<class index>/<patient>-<n>.jpg
PUBLISHED_FOLDERS: dict[str, Modality] = {
    "2d": Modality.B_MODE,
    "cdfi": Modality.CDFI,
    "elastic": Modality.ELASTOGRAPHY,
}

# Architectures by their torchvision names: the paper's four (§2.3), then siblings for small machines.
PAPER_ARCHITECTURES: tuple[str, ...] = ("convnext_large", "efficientnet_b7", "resnet152", "vit_b_16")
ARCHITECTURES: tuple[str, ...] = (
    *PAPER_ARCHITECTURES,
    "resnet18",
    "resnet50",
    "convnext_tiny",
    "efficientnet_b0",
)
# Several of one architecture as one model: "ensemble:<members>:<architecture>".
ENSEMBLE_PREFIX = "ensemble:"
MAX_MEMBERS = 20

RESEARCH_USE_NOTE = "Research use only: not for diagnosis."
SYNTHETIC_NOTE = "SYNTHETIC: this model was trained on computer-made phantoms, not on patients' images."


def is_known_architecture(name: str) -> bool:
    """True for an architecture of the list, alone or as the members of an ensemble."""
    if not name.startswith(ENSEMBLE_PREFIX):
        return name in ARCHITECTURES
    count, _, member = name.removeprefix(ENSEMBLE_PREFIX).partition(":")
    return count.isdecimal() and 2 <= int(count[:9]) <= MAX_MEMBERS and member in ARCHITECTURES


def member_count(architecture: str) -> int:
    """How many models answer as one: 1, or what the name of an ensemble says."""
    if not architecture.startswith(ENSEMBLE_PREFIX):
        return 1
    return int(architecture.removeprefix(ENSEMBLE_PREFIX).partition(":")[0])
