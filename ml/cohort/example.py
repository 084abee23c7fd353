"""A SYNTHETIC table of patients in the expected format, to try the command and to plan a study."""

import csv
from pathlib import Path

import numpy as np

from ml.paper import PATIENTS
from ml.taxonomy import CLASS_NAMES

FIELDS = (
    *("patient", "class", "age", "sex", "smoking", "location", "shape", "margin", "hilum", "flow"),
    *("elasticity_score", "long_axis_mm", "short_axis_mm", "synthetic"),
)
# Made up, in the direction the paper and the literature give; age, sex and smoking are equal by design.
_FLOW = ("none", "hilar", "peripheral", "mixed")
_FLOW_SHARES = {
    "benign": (0.35, 0.5, 0.05, 0.1),
    "lymphoma": (0.1, 0.3, 0.2, 0.4),
    "metastatic": (0.05, 0.05, 0.22, 0.68),
}
_SCORE_SHARES = {
    "benign": (0.4, 0.4, 0.15, 0.05),
    "lymphoma": (0.2, 0.4, 0.3, 0.1),
    "metastatic": (0.05, 0.15, 0.4, 0.4),
}
_HILUM = {"benign": 0.85, "lymphoma": 0.4, "metastatic": 0.12}
_SMOOTH = {"benign": 0.9, "lymphoma": 0.75, "metastatic": 0.45}
_RATIO = {"benign": 2.4, "lymphoma": 1.6, "metastatic": 1.4}
_LEVELS = ("I", "II", "III", "IV", "V", "VI")


def write_example(path: Path, *, seed: int = 0, counts: dict[str, int] | None = None) -> Path:
    """As many patients a class as the paper (164 / 122 / 300) unless told otherwise."""
    rng = np.random.default_rng(seed)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", newline="", encoding="utf-8") as handle:
        writer = csv.DictWriter(handle, FIELDS)
        writer.writeheader()
        number = 0
        for name in CLASS_NAMES:
            for _ in range((counts or PATIENTS)[name]):
                number += 1
                writer.writerow({"patient": f"synthetic-{number:04d}", "class": name, **_patient(name, rng)})
    return path


def _patient(name: str, rng: np.random.Generator) -> dict[str, object]:
    short = float(np.clip(rng.lognormal(np.log(11), 0.35), 3, 60))
    ratio = float(np.clip(rng.normal(_RATIO[name], 0.35), 1.0, 5))
    return {
        "age": round(float(np.clip(rng.normal(52, 14), 18, 90))),
        "sex": rng.choice(["female", "male"]),
        "smoking": rng.choice(["no", "yes"], p=[0.7, 0.3]),
        "location": rng.choice(_LEVELS),
        "shape": "oval" if ratio >= 1.6 else "round",
        "margin": "clear" if rng.random() < _SMOOTH[name] else "unclear",
        "hilum": "present" if rng.random() < _HILUM[name] else "absent",
        "flow": rng.choice(_FLOW, p=_FLOW_SHARES[name]),
        "elasticity_score": rng.choice(4, p=_SCORE_SHARES[name]) + 1,
        "long_axis_mm": f"{short * ratio:.1f}",
        "short_axis_mm": f"{short:.1f}",
        "synthetic": "yes",
    }
