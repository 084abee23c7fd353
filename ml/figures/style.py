"""One look for every figure: white ground, thin axes, the Okabe–Ito colours of the page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from textwrap import fill
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.colors import LinearSegmentedColormap
from matplotlib.figure import Figure

from ml.atomic import disk_full_message, write_atomically

# The page's class colours (Okabe–Ito), darkened on white until they reach a contrast of 3:1.
CLASS_COLORS = {"benign": "#008060", "lymphoma": "#B87F00", "metastatic": "#C0619A"}
CLASS_FILLS = {"benign": "#009E73", "lymphoma": "#E69F00", "metastatic": "#CC79A7"}
FAMILY_COLORS = {"convnext": "#0072B2", "efficientnet": "#56B4E9", "resnet": "#D55E00", "vit": "#7F7F7F"}
OTHER_COLORS = ("#0072B2", "#D55E00", "#008060", "#B87F00", "#C0619A", "#2F8FC4", "#4D4D4D")
DASHES = ("-", "--", "-.", ":", (0, (5, 1)), (0, (3, 1, 1, 1)))
INK, QUIET, FAINT = "#1B2430", "#5B6673", "#D5DAE0"
SEQUENTIAL = LinearSegmentedColormap.from_list("blue", ["#FFFFFF", "#0072B2"])

_STYLE: Any = {
    "svg.fonttype": "none",
    "svg.hashsalt": "cv4lymphnode",
    "font.family": ["DejaVu Sans", "sans-serif"],
    "font.size": 8.5,
    "axes.titlesize": 9.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "axes.linewidth": 0.7,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "text.color": INK,
    "legend.frameon": False,
    "legend.fontsize": 8,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
}


@contextmanager
def drawing(width: float, height: float) -> Iterator[Figure]:
    """A figure of that size in inches, under the house style."""
    with rc_context(_STYLE):
        yield Figure(figsize=(width, height), layout="constrained")


def save(figure: Figure, path: Path) -> Path:
    """Writes the SVG in one piece, without date or version, so that equal figures are equal files."""
    facts = {"Date": None, "Creator": None}
    with rc_context(_STYLE), disk_full_message(path.parent):
        write_atomically(path, lambda part: figure.savefig(part, format="svg", metadata=facts, dpi=150))
    return path


def class_colors(names: Sequence[str]) -> list[str]:
    """The page's colours for lymph-node classes; any other set of classes by position."""
    if set(names) <= set(CLASS_COLORS):
        return [CLASS_COLORS[name] for name in names]
    return [OTHER_COLORS[index % len(OTHER_COLORS)] for index in range(len(names))]


def letter(axes: Axes, text: str) -> None:
    """The panel's letter, bold, above its left edge."""
    axes.set_title(f"{text}  {axes.get_title(loc='left')}", loc="left")


def note(figure: Figure, text: str) -> None:
    """A quiet line below the panels: data, protocol, SYNTHETIC."""
    width = int(figure.get_figwidth() * 19)  # characters of 7 points
    figure.supxlabel(fill(text, width) if text else "", fontsize=7, color=QUIET, x=0.01, ha="left")


def empty(axes: Axes, reason: str) -> None:
    """A panel that cannot be drawn says why in its middle."""
    axes.text(0.5, 0.5, reason, ha="center", va="center", color=QUIET, transform=axes.transAxes, wrap=True)
    axes.set_xticks([])
    axes.set_yticks([])
