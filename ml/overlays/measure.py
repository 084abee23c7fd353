"""How well text is found and masked, on phantoms whose text is known."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from statistics import mean, quantiles
from time import process_time
from typing import Any

from ml.overlays.boxes import Box, covered
from ml.overlays.find import Overlays, find_overlays
from ml.overlays.mask import masked
from ml.overlays.text import text_boxes
from ml.phantoms.many import PhantomSeeds, render_cases
from ml.phantoms.render import Phantom

SIZES = ((256, 192), (640, 480), (1024, 768))  # width × height in pixels
SEEDS_FROM, SIZES_APART = 3_000_000_000, 1_000_000  # above every seed that anything is trained or fitted on
FOUND_FROM = 0.8  # of a line's area under boxes
RIGHT_FROM = 0.5  # of a box's area on lines
SLACK = 0.3  # of a line's height around it that still belongs to it: the known boxes hug the ink
LEAST_CROSS_PX = 5  # smaller calliper marks are the dots between the crosses


@dataclass(frozen=True)
class Counts:
    """What was found in phantoms of one size; areas and times are sums."""

    size: str
    images: int = 0
    lines: int = 0
    found_lines: int = 0
    lines_left: int = 0
    boxes: int = 0
    right_boxes: int = 0
    node_pixels: int = 0
    masked_node_pixels: int = 0
    crosses: int = 0
    found_crosses: int = 0
    bars: int = 0
    found_bars: int = 0
    seconds: tuple[float, ...] = ()  # of processor time, to find and mask

    def plus(self, other: Counts) -> Counts:
        """Both together, under this one's size."""
        mine, others = asdict(self), asdict(other)
        return Counts(**{name: mine[name] if name == "size" else mine[name] + others[name] for name in mine})

    def as_json(self) -> dict[str, Any]:
        facts = {name: value for name, value in asdict(self).items() if name != "seconds"}
        return facts | {"seconds_mean": round(mean(self.seconds), 3), "seconds_p95": round(self.slow, 3)}

    @property
    def slow(self) -> float:
        """95th percentile of the seconds an image."""
        return quantiles(self.seconds, n=20)[-1] if len(self.seconds) > 1 else self.seconds[0]


def measured(per_class: int, sizes: Sequence[tuple[int, int]] = SIZES) -> Iterator[Counts]:
    """One result a size, over `per_class` unseen cases of each class in every modality."""
    for number, size in enumerate(sizes):
        total = Counts(f"{size[0]}×{size[1]}")
        for case in render_cases(PhantomSeeds(SEEDS_FROM + number * SIZES_APART, per_class), size):
            for phantom in case.values():
                total = total.plus(count(phantom))
        yield total


def count(phantom: Phantom) -> Counts:
    """Find, mask and look again in one phantom."""
    began = process_time()
    found = find_overlays(phantom.image)
    without = masked(phantom.image, found.boxes)
    seconds = process_time() - began
    size = phantom.image.size
    lines = [Box(*box) for box in phantom.text_boxes]
    again, all_masked = covered(text_boxes(without), *size), covered(found.boxes, *size)
    return Counts(
        size="",
        images=1,
        lines=len(lines),
        found_lines=_lying_under(lines, found.text, size, FOUND_FROM),
        lines_left=sum(bool(again[line.slices].mean() >= RIGHT_FROM) for line in lines),
        boxes=len(found.text),
        right_boxes=_lying_under(found.text, [_with_slack(line) for line in lines], size, RIGHT_FROM),
        node_pixels=int(phantom.mask.sum()),
        masked_node_pixels=int((phantom.mask & all_masked).sum()),
        bars=1,
        found_bars=int(bool(found.bars)),
        seconds=(seconds,),
        **_crosses(phantom, found),
    )


def _lying_under(boxes: Sequence[Box], others: Sequence[Box], size: tuple[int, int], share: float) -> int:
    mask = covered(others, *size)
    return sum(bool(mask[box.slices].mean() >= share) for box in boxes)


def _with_slack(line: Box) -> Box:
    return line.grown(max(1, round(SLACK * line.height)))


def _crosses(phantom: Phantom, found: Overlays) -> dict[str, int]:
    drawn = [Box(*box) for box in phantom.calliper_boxes if box[2] >= LEAST_CROSS_PX]
    hit = sum(any(cross.shared(one) >= cross.area / 2 for one in found.callipers) for cross in drawn)
    return {"crosses": len(drawn), "found_crosses": hit}


def table(results: Sequence[Counts]) -> str:
    """A row a size and one over all, in Markdown."""
    whole = results[0]
    for one in results[1:]:
        whole = whole.plus(one)
    rows = [_row(one.size, one) for one in results]
    head = (
        "| phantoms | images | lines | found (recall) | boxes that are text (precision) | found again after "
        "masking | of the node's pixels masked | crosses found | bars found | CPU seconds | 95 % below |"
    )
    return "\n".join([head, "|---" * 11 + "|", *rows, _row("all", whole)])


def _row(name: str, one: Counts) -> str:
    return (
        f"| {name} | {one.images} | {one.lines} | {one.found_lines / one.lines:.1%} "
        f"| {one.right_boxes / max(1, one.boxes):.1%} | {one.lines_left / one.lines:.1%} "
        f"| {one.masked_node_pixels / one.node_pixels:.2%} "
        f"| {one.found_crosses} of {one.crosses} | {one.found_bars} of {one.bars} "
        f"| {mean(one.seconds):.2f} | {one.slow:.2f} |"
    )
