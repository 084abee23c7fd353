"""Makes the font of the PDF report: Noto Sans SC Regular, cut down to GB 2312 and Latin.

Usage:  npm pack @expo-google-fonts/noto-sans-sc@0.4.3 && tar xzf expo-google-fonts-noto-sans-sc-0.4.3.tgz
        .venv/bin/python scripts/report_font.py package/400Regular/NotoSansSC_400Regular.ttf
        cp package/LICENSE_FONT backend/inference/report/fonts/OFL.txt
"""

import argparse
from pathlib import Path

from fontTools import subset

OUT = Path(__file__).resolve().parents[1] / "backend/inference/report/fonts/NotoSansSC-GB2312.ttf"
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x250)]
SIGNS = [ord(sign) for sign in "–—‘’“”•…‰′″€℃№™←↑→↓−≈≠≤≥□■▲●◆◇○☐⚠"]


def gb2312() -> set[int]:
    """Every character of the standard: 6763 ideographs, and its Greek, Cyrillic, kana and signs."""
    pairs = (bytes((row, cell)) for row in range(0xA1, 0xF8) for cell in range(0xA1, 0xFF))
    return {ord(text) for pair in pairs if (text := pair.decode("gb2312", errors="ignore"))}


def font_cut(source: Path, target: Path) -> None:
    """Write `target` with the wanted characters of `source`, without hinting and layout features."""
    options = subset.Options(layout_features=[], hinting=False, notdef_outline=True, name_IDs=["*"])
    font = subset.load_font(str(source), options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=gb2312() | set(LATIN) | set(SIGNS))
    cutter.subset(font)
    subset.save_font(font, str(target), options)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("source", type=Path)
    font_cut(parser.parse_args().source, OUT)
    print(f"{OUT}: {OUT.stat().st_size / 2**20:.1f} MB")
