"""The page itself, drawn from what the API says about the analysis: what it withholds is not here either."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.utils import timezone
from reportlab.lib.colors import HexColor

from backend.inference.answer import most_probable
from backend.inference.models import Analysis, Prediction
from backend.inference.report.pictures import Pictures, pictures_read
from backend.inference.report.said import Said
from backend.inference.report.sheet import HEIGHT, INK, INNER, LINE, MARGIN, QUIET, WIDTH, Sheet
from backend.inference.report.trust import flag_sentence, method_sentence, set_sentence, trust_sentences
from backend.inference.report.words import WORDS, Words
from backend.inference.serializers import AnalysisOutput
from ml.colormap import legend
from ml.taxonomy import CLASS_NAMES

GAP, LEGEND = 12.0, 40.0
WIDEST_COLUMN = 214.0
COLOURS = {
    "benign": HexColor("#00785a"),
    "lymphoma": HexColor("#a86a00"),
    "metastatic": HexColor("#a8487f"),
}
PAPER, EMPTY = HexColor("#fff6e0"), HexColor("#eef1f3")


def report_pdf(analysis: Analysis, language: str, said: Sequence[Said] = ()) -> bytes:
    """The report as PDF. `analysis` comes from `analyses_within`: everything is prefetched."""
    return _Report(analysis, WORDS[language], language, said).draw()


class Frame(NamedTuple):
    """Where something is drawn, in points from the top left."""

    x: float
    top: float
    width: float
    height: float


class _Report:
    """One report while it is drawn from top to bottom; `y` is where the next part begins."""

    def __init__(self, analysis: Analysis, words: Words, language: str, said: Sequence[Said]) -> None:
        self.analysis, self.words, self.said = analysis, words, said
        self.shown: dict[str, Any] = dict(AnalysisOutput(analysis).data)
        self.label = self.shown["case_label"] or words.unlabelled
        self.sheet = Sheet(title=f"{words.title}: {self.label}", subject=words.research_use, lang=language)
        self.y = MARGIN

    def draw(self) -> bytes:
        self._head()
        self._warning()
        self._answer()
        self._columns()
        self._statements()
        self._limits()
        self._foot()
        return self.sheet.finish()

    def _head(self) -> None:
        self.sheet.line(f"CV4LymphNode · {self.words.title}", MARGIN, self.y, 9, QUIET)
        self.y += 15
        self.y += self.sheet.text(self.label, MARGIN, self.y, INNER, size=15, lines=2) + 3
        moments = [self.words.sent.format(_moment(self.analysis.created_at))]
        if self.analysis.finished_at:
            moments.append(self.words.answered.format(_moment(self.analysis.finished_at)))
        self.sheet.line(" · ".join([*moments, str(self.analysis.pk)]), MARGIN, self.y, 8, QUIET)
        self.y += 18

    def _warning(self) -> None:
        versions = [one["model_version"] for one in self.shown["predictions"]]
        synthetic = any(version and version["synthetic"] for version in versions)
        height = 36 if synthetic else 22
        self.sheet.box(MARGIN, self.y, INNER, height, fill=PAPER, edge=INK)
        self.sheet.line(self.words.research_use, MARGIN + 8, self.y + 4, 11)
        if synthetic:
            self.sheet.text(self.words.synthetic, MARGIN + 8, self.y + 20, INNER - 16, size=8, lines=1)
        self.y += height + 10

    def _answer(self) -> None:
        answer = self.shown["case_answer"]
        self.sheet.line(self.words.case_answer, MARGIN, self.y, 10, QUIET)
        self.y += 16
        if answer is None:
            cancelled = self.analysis.state == "cancelled"
            self.sheet.line(
                self.words.cancelled if cancelled else self.words.no_answer, MARGIN, self.y, 14, INK
            )
            self.y += 26
            return
        top = most_probable(answer["probabilities"])
        self.sheet.line(
            f"{self.words.classes[top]} {_percent(answer['probabilities'][top])}", MARGIN, self.y, 17
        )
        self._bars(answer["probabilities"], MARGIN + 170, self.y - 12, INNER - 170, size=9)
        self.y += 30
        answered = sum(1 for one in self.shown["predictions"] if one["probabilities"])
        of_set = set_sentence(answer, self.words)
        notes = [of_set] if of_set else []
        notes += [self.words.conflict] if answer["conflict"] else []
        notes.append(method_sentence(answer, answered, self.words))
        for note in notes:
            colour = INK if note in (of_set, self.words.conflict) else QUIET
            self.y += self.sheet.text(note, MARGIN, self.y, INNER, size=8, lines=2, colour=colour) + 1
        self.y += 9

    def _bars(
        self, probabilities: Mapping[str, float], x: float, top: float, width: float, *, size: float
    ) -> None:
        for row, name in enumerate(CLASS_NAMES):
            y = top + row * 1.5 * size
            self.sheet.line(self.words.classes[name], x, y, size)
            self.sheet.line(_percent(probabilities[name]), x + width - 3.2 * size, y, size)
            start = 6.4 * size
            self.sheet.bar(
                x + start,
                y + 2,
                width - start - 3.8 * size,
                size - 2,
                share=probabilities[name],
                colour=COLOURS[name],
            )

    def _columns(self) -> None:
        rows = self.analysis.ordered_predictions
        shown = {one["id"]: one for one in self.shown["predictions"]}
        width = min(WIDEST_COLUMN, (INNER - GAP * (len(rows) - 1)) / len(rows))
        bottoms = [
            self._column(row, shown[str(row.pk)], MARGIN + place * (width + GAP), width)
            for place, row in enumerate(rows)
        ]
        self.y = max(bottoms) + 10

    def _column(self, row: Prediction, shown: Mapping[str, Any], x: float, width: float) -> float:
        """Image above map above figures; returns where it ends."""
        top, height, words = self.y, 0.75 * width, self.words
        self.sheet.line(words.modalities[shown["modality"]], x, top, 9)
        top += 15
        probabilities = shown["probabilities"]
        named = most_probable(probabilities) if probabilities else None
        key = (row.maps or {}).get(named) if named and shown["cams"] else None
        pictures = pictures_read(row.image, key)
        self._image(pictures, row, Frame(x, top, width, height))
        top += height + 4
        missing = words.file_gone if key else words.nothing_speaks if named else words.no_map
        self._map(pictures, missing, Frame(x, top, width, height))
        top += height + 3
        caption = words.map_for.format(words.classes[named]) if named else words.no_map
        self.sheet.line(caption, x, top, 8, QUIET)
        if pictures.overlay is not None:
            self._legend(x + width, top)
        top += 14
        if probabilities:
            self._bars(probabilities, x, top, width, size=8)
            top += 38
        return self._facts(row, shown, x, top, width)

    def _image(self, pictures: Pictures, row: Prediction, frame: Frame) -> None:
        self.sheet.box(*frame, fill=EMPTY, edge=LINE)
        if pictures.image is None:
            words = self.words
            self._instead(words.file_gone if row.image.kept else words.image_not_kept, frame)
            return
        left, above, drawn, _ = self.sheet.picture(pictures.image, *frame)
        if row.image.region:
            scale = drawn / row.image.width
            rx, ry, rw, rh = (scale * side for side in row.image.region)
            self.sheet.outline(left + rx, above + ry, rw, rh)

    def _map(self, pictures: Pictures, missing: str, frame: Frame) -> None:
        self.sheet.box(*frame, fill=EMPTY, edge=LINE)
        if pictures.overlay is None:
            self._instead(missing, frame)
        else:
            self.sheet.picture(pictures.overlay, *frame)

    def _instead(self, why: str, frame: Frame) -> None:
        x, top, width, _ = frame
        self.sheet.text(why, x + 6, top + 6, width - 12, size=8, lines=3, colour=QUIET)

    def _legend(self, right: float, top: float) -> None:
        """The map's colours from low to high, up to `right`."""
        start = right - self.sheet.line_right(self.words.high, right, top, 7, QUIET) - 3 - LEGEND
        self.sheet.picture(legend(width=128, height=8), start, top + 2, LEGEND, 5)
        self.sheet.line_right(self.words.low, start - 3, top, 7, QUIET)

    def _facts(self, row: Prediction, shown: Mapping[str, Any], x: float, top: float, width: float) -> float:
        for fact in self._sentences(row, shown):
            top += self.sheet.text(fact, x, top, width, size=7.5, lines=2, colour=QUIET) + 1.5
        for flag in shown["flags"]:
            sentence = flag_sentence(flag, shown, self.words)
            top += self.sheet.text(f"▲ {sentence}", x, top, width, size=7.5, lines=3) + 1.5
        return top

    def _sentences(self, row: Prediction, shown: Mapping[str, Any]) -> list[str]:
        words, image = self.words, row.image
        sentences = trust_sentences(shown, words)
        if failure := shown["failure"]:
            sentences.append(f"▲ {words.failures.get(failure['code'], failure['detail'])}")
        elif shown["state"] == "cancelled":
            sentences.append(words.failures["cancelled"])
        if version := shown["model_version"]:
            synthetic = " · SYNTHETIC" if version["synthetic"] else ""
            sentences.append(f"{words.model}: {version['name']} · {version['architecture']}{synthetic}")
            sentences.append(str(version["id"]))
        if engine := shown["engine"]:
            sentences.append(f"{words.computed_by}: {engine['name']}, {engine['mode']}")
        if image.region:
            sentences.append(words.region.format(*image.region[2:], image.width, image.height))
        if image.frame_count > 1:
            sentences.append(words.frame.format(image.frame + 1, image.frame_count))
        return sentences

    def _statements(self) -> None:
        """What people say of the case, in their words; left out where nobody has said anything."""
        if not self.said:
            return
        self.sheet.line(self.words.said_title, MARGIN, self.y, 10, QUIET)
        self.y += 15
        for one in self.said:
            detail = self.words.confidences.get(one.detail, one.detail)
            sentence = self.words.said[one.kind].format(self.words.classes[one.class_name], detail).strip()
            by = self.words.by.format(one.author or self.words.nobody, _moment(one.at))
            self.y += self.sheet.text(f"{sentence} – {by}", MARGIN, self.y, INNER, size=8, lines=2) + 2
        self.y += 8

    def _limits(self) -> None:
        answered = [one for one in self.shown["predictions"] if one["probabilities"]]
        uncalibrated = any(not one["calibrated"] for one in answered)
        limits = ((self.words.uncalibrated,) if uncalibrated else ()) + self.words.limits
        self.sheet.line(self.words.limits_title, MARGIN, self.y, 10, QUIET)
        self.y += 15
        for limit in limits:
            self.sheet.line("•", MARGIN, self.y, 8, QUIET)
            self.y += self.sheet.text(limit, MARGIN + 10, self.y, INNER - 10, size=8, lines=2) + 2

    def _foot(self) -> None:
        top = HEIGHT - MARGIN
        self.sheet.line(self.words.research_use, MARGIN, top, 8)
        made = self.words.made.format(_moment(timezone.now()))
        self.sheet.line_right(made, WIDTH - MARGIN, top, 8, QUIET)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _percent(share: float) -> str:
    return f"{100 * share:.0f} %"
