"""The paper's numbers, each with the place it stands (Jiang et al. 2025, CC BY, see CITATION).

Only numbers printed in the text are here; bar heights of Figures 3 and 4 are not read off. The authors'
published code adds 0.02 to every metric before plotting, so the figures may be higher than what was measured;
whether the numbers in the text carry the same 0.02 cannot be told.
"""

from dataclasses import dataclass

CITATION = "Jiang S. et al., Front. Oncol. 15:1542265, 2025, doi:10.3389/fonc.2025.1542265"


@dataclass(frozen=True)
class PaperNumber:
    """One printed number: what it measures, and where it stands."""

    value: float
    where: str


@dataclass(frozen=True)
class PaperDataset:
    """A row of Table 1: images per class, and width and height in pixels as mean and standard deviation."""

    name: str
    body_part: str
    counts: dict[str, int]
    total: int
    width: tuple[float, float]
    height: tuple[float, float]


# Table 1. OCAU prints "60/60/60" for its six classes; the total of 360 says 60 each.
TABLE_1: dict[str, PaperDataset] = {
    "auli": PaperDataset(
        "AULI",
        "liver",
        {"benign": 200, "malignant": 435, "normal": 100},
        735,
        (874.33, 163.30),
        (667.14, 107.78),
    ),
    "ocau": PaperDataset(
        "OCAU",
        "abdomen",
        dict.fromkeys(("bladder", "bowel", "gallbladder", "kidney", "liver", "spleen"), 60),
        360,
        (64.0, 0.0),
        (64.0, 0.0),
    ),
    "busi": PaperDataset(
        "BUSI",
        "breast",
        {"benign": 437, "malignant": 210, "normal": 133},
        780,
        (615.68, 121.98),
        (501.45, 76.64),
    ),
    "ddti": PaperDataset(
        "DDTI", "thyroid", {"malignant": 193, "normal": 108}, 301, (346.86, 36.30), (278.55, 16.19)
    ),
    "edcu": PaperDataset("EDCU", "heart", {"closed": 80, "open": 138}, 218, (128.0, 0.0), (128.0, 0.0)),
}

PATIENTS: dict[str, int] = {"benign": 164, "lymphoma": 122, "metastatic": 300}  # §3.1, 586 in all

# Mean AUC of the four backbones, by modality (§3.3, Figure 4).
MEAN_AUC_WITH = {
    "2d": PaperNumber(0.883, "§3.3, Fig. 4"),
    "cdfi": PaperNumber(0.862, "§3.3, Fig. 4"),
    "elastography": PaperNumber(0.920, "§3.3, Fig. 4"),
}
MEAN_AUC_WITHOUT = {
    "2d": PaperNumber(0.762, "§3.3, Fig. 4"),
    "cdfi": PaperNumber(0.694, "§3.3, Fig. 4"),
    "elastography": PaperNumber(0.736, "§3.3, Fig. 4"),
}
# ResNet152 with pre-training, by modality (§3.3, abstract).
RESNET_AUC = {
    "2d": PaperNumber(0.906, "§3.3"),
    "cdfi": PaperNumber(0.896, "§3.3"),
    "elastography": PaperNumber(0.925, "§3.3, abstract"),
}
# The chosen model: ResNet152, pre-trained, elastography (§3.3, Figure 5).
CHOSEN_PRECISION = {
    "benign": PaperNumber(0.88, "§3.3, Fig. 5"),
    "lymphoma": PaperNumber(0.62, "§3.3, Fig. 5"),
    "metastatic": PaperNumber(0.80, "§3.3, Fig. 5"),
}
CHOSEN_RECALL = {
    "benign": PaperNumber(0.81, "§3.3, Fig. 5"),
    "lymphoma": PaperNumber(0.48, "§3.3, Fig. 5"),
    "metastatic": PaperNumber(0.91, "§3.3, Fig. 5"),
}
# Pre-training: the only two values of Figure 3 that the text prints.
PRETRAIN_AUC = {
    ("vit", "ddti"): PaperNumber(0.530, "§3.2, Fig. 3"),
    ("resnet", "ocau"): PaperNumber(1.000, "§3.2, Fig. 3 (“close to 1.000”)"),
    ("resnet", "edcu"): PaperNumber(1.000, "§3.2, Fig. 3 (“close to 1.000”)"),
    ("convnext", "ocau"): PaperNumber(1.000, "§3.2, Fig. 3 (“close to 1.000”)"),
    ("convnext", "edcu"): PaperNumber(1.000, "§3.2, Fig. 3 (“close to 1.000”)"),
}
# Cohort (§3.1, Figure 2)
LONG_SHORT_RATIO = {
    "metastatic": PaperNumber(2.6, "§3.1, Fig. 2G"),
    "benign": PaperNumber(1.2, "§3.1, Fig. 2G"),
}
MIXED_FLOW_METASTATIC = PaperNumber(0.68, "§3.1, Fig. 2J–L")
NOT_SIGNIFICANT = ("age", "sex", "smoking")  # §3.1
SIGNIFICANT = (
    "elasticity_score",
    "flow",
    "hilum",
    "axis_ratio",
    "long_axis_mm",
    "short_axis_mm",
)  # §3.1, p < 0.01
SIGNIFICANT_IN_ABSTRACT = ("location", "shape", "margin", "flow")  # abstract, p < 0.05

FULL_BACKBONES = {
    "convnext": "convnext_large",
    "efficientnet": "efficientnet_b7",
    "resnet": "resnet152",
    "vit": "vit_b_16",
}
FAMILY_NAMES = {
    "convnext": "ConvNeXt",
    "efficientnet": "EfficientNet",
    "resnet": "ResNet",
    "vit": "ViT",
}

# Names of the pre-training tasks as Figures 3, S1 and S2 print them.
TASK_NAMES = {"auli": "Liver", "ocau": "Abdominal", "busi": "Breast", "ddti": "Thyroid", "edcu": "Heart"}

# Where the paper's text contradicts itself or cannot be right; reports repeat these lines.
SLIPS = (
    "§3.5 names EfficientNet-B7 where it shows ResNet.",
    "§4 says pre-training improves the AUC “by at least 0.6”; its own numbers say 0.06.",
    "§3.1 gives a long/short axis ratio of 2.6 to metastatic and 1.2 to benign nodes, against its own "
    "discussion (benign nodes are oval) and the literature (benign long, malignant round).",
    "Table 1 prints three counts (60/60/60) for the six classes of OCAU; the total of 360 says 60 each.",
    "“Closed” and “open” of EDCU are not defined; end-systole and end-diastole are our guess.",
)

# What the authors' published code (github.com/heyigacu/cv4lymphnode) does that this package does not.
CODE_DIFFERENCES = (
    "It adds 0.02 to every metric before plotting; here no number is adjusted.",
    "It splits by image although names such as 171-3.jpg suggest several images a patient; here folds are "
    "grouped by patient (or, without patient ids, by near-duplicate cluster).",
    "It reports the validation part that stopped the training; here stopping uses an inner part of the "
    "training folds, and the reported fold is seen once, at the end.",
    "Its AUC is one-vs-one; reports here give one-vs-one beside one-vs-rest.",
    "It ships ResNet18 without multi-task pre-training; here all four backbones of the paper are trained.",
)


def family_of(architecture: str) -> str | None:
    """Which of the paper's four families an architecture belongs to; None for any other."""
    name = architecture.lower().removeprefix("timm:")
    return next((family for family in FULL_BACKBONES if name.startswith(family)), None)
