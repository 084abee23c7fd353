"""A sheet of A4 to draw on from the top: text that is cut to its room, boxes, bars, pictures."""

import io
from functools import cache
from pathlib import Path
from xml.sax.saxutils import escape

from PIL import Image
from reportlab.lib.colors import Color, HexColor
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Paragraph

FONT = "NotoSansSC"
FONT_FILE = Path(__file__).parent / "fonts" / "NotoSansSC-GB2312.ttf"
MARGIN = 36.0  # points
WIDTH, HEIGHT = A4
INNER = WIDTH - 2 * MARGIN
INK, QUIET, LINE = HexColor("#14181d"), HexColor("#59636e"), HexColor("#c9d0d6")


@cache
def font_register() -> None:
    """Once a process: reading the font takes a moment."""
    registerFont(TTFont(FONT, FONT_FILE))


class Sheet:
    """One page. Heights count downwards from the top, in points."""

    def __init__(self, *, title: str, subject: str, lang: str) -> None:
        font_register()
        self.buffer = io.BytesIO()
        self.canvas = Canvas(self.buffer, pagesize=A4, lang=lang)
        self.canvas.setTitle(title)
        self.canvas.setSubject(subject)
        self.canvas.setAuthor("CV4LymphNode")

    def finish(self) -> bytes:
        """The PDF file."""
        self.canvas.showPage()
        self.canvas.save()
        return self.buffer.getvalue()

    def line(self, text: str, x: float, top: float, size: float, colour: Color = INK) -> float:
        """One line as it is; returns its width."""
        self.canvas.setFillColor(colour)
        self.canvas.setFont(FONT, size)
        self.canvas.drawString(x, HEIGHT - top - size, text)
        return float(stringWidth(text, FONT, size))

    def line_right(self, text: str, right: float, top: float, size: float, colour: Color = INK) -> float:
        """One line that ends at `right`; returns its width."""
        width = float(stringWidth(text, FONT, size))
        return self.line(text, right - width, top, size, colour)

    def text(
        self, text: str, x: float, top: float, width: float, *, size: float, lines: int, colour: Color = INK
    ) -> float:
        """Wrapped text, cut with … after `lines` lines; returns the height it took."""
        style = ParagraphStyle(
            "text", fontName=FONT, fontSize=size, leading=1.32 * size, textColor=colour, wordWrap=_wrap(text)
        )
        paragraph, height = _fitted(text, style, width, lines)
        paragraph.drawOn(self.canvas, x, HEIGHT - top - height)
        return height

    def box(self, x: float, top: float, width: float, height: float, *, fill: Color, edge: Color) -> None:
        """A filled rectangle with an edge."""
        self.canvas.setFillColor(fill)
        self.canvas.setStrokeColor(edge)
        self.canvas.setLineWidth(0.8)
        self.canvas.rect(x, HEIGHT - top - height, width, height, stroke=1, fill=1)

    def bar(self, x: float, top: float, width: float, height: float, *, share: float, colour: Color) -> None:
        """A horizontal bar of which `share` (0..1) is full."""
        self.box(x, top, width, height, fill=HexColor("#ffffff"), edge=QUIET)
        self.canvas.setFillColor(colour)
        self.canvas.rect(x, HEIGHT - top - height, width * share, height, stroke=0, fill=1)

    def picture(
        self, picture: Image.Image, x: float, top: float, width: float, height: float
    ) -> tuple[float, ...]:
        """The picture whole inside the room, centred; returns where it lies: x, top, width, height."""
        scale = min(width / picture.width, height / picture.height)
        drawn = (picture.width * scale, picture.height * scale)
        left, above = x + (width - drawn[0]) / 2, top + (height - drawn[1]) / 2
        self.canvas.drawImage(ImageReader(picture), left, HEIGHT - above - drawn[1], *drawn)
        return left, above, *drawn

    def outline(self, x: float, top: float, width: float, height: float) -> None:
        """A rectangle that shows on light and dark pictures alike."""
        for colour, thickness in ((HexColor("#000000"), 1.8), (HexColor("#ffffff"), 0.9)):
            self.canvas.setStrokeColor(colour)
            self.canvas.setLineWidth(thickness)
            self.canvas.rect(x, HEIGHT - top - height, width, height, stroke=1, fill=0)


def _wrap(text: str) -> str | None:
    """Chinese breaks anywhere, and so does a long word without a gap; English between words."""
    longest = max(map(len, text.split()), default=0)
    return "CJK" if longest > 24 or any(ord(sign) > 0x2E80 for sign in text) else None


def _fitted(text: str, style: ParagraphStyle, width: float, lines: int) -> tuple[Paragraph, float]:
    shown = text
    while True:
        paragraph = Paragraph(escape(shown), style)
        height = float(paragraph.wrap(width, HEIGHT)[1])
        if height <= lines * style.leading + 0.1 or len(shown) < 2:
            return paragraph, height
        shown = shown[: int(len(shown) * 0.92)].rstrip(" …") + "…"
