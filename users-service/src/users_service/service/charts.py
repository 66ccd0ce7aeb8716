"""Small charts, as pictures that can be read on a light and on a dark page."""

import io
import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 640, 200  # pixels
LEFT, RIGHT, TOP, BOTTOM = 52, 12, 26, 24  # pixels around the bars
GAP = 0.25  # of a bar's place
LETTERS = 12  # pixels
PAPER, INK, LINE, FULL, PART = "#ffffff", "#374151", "#d1d5db", "#2563eb", "#dc2626"


@dataclass(frozen=True)
class Bar:
    """`part` of the `value` is drawn in another colour. A bar without a `label` stands between others."""

    label: str
    value: int
    part: int = 0


def bars(some: Sequence[Bar], title: str, legend: str) -> bytes:
    """Return a PNG of bars; `legend` says what their other colour means. Takes milliseconds: call it in a thread."""
    from PIL import Image, ImageDraw, ImageFont  # by whom charts are asked for alone

    image = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    draw, font = ImageDraw.Draw(image), ImageFont.load_default(LETTERS)
    top, floor, place = _scale(max((bar.value for bar in some), default=0)), HEIGHT - BOTTOM, (WIDTH - LEFT - RIGHT) / len(some)

    def height(value: int) -> float:
        return floor - value / top * (floor - TOP)

    for value in (0, top // 2, top) if top % 2 == 0 else (0, top):
        draw.line([(LEFT, height(value)), (WIDTH - RIGHT, height(value))], LINE)
        draw.text((LEFT - 6, height(value)), _short(value), INK, font, anchor="rm")
    for n, bar in enumerate(some):
        left, right = LEFT + (n + GAP / 2) * place, LEFT + (n + 1 - GAP / 2) * place - 1
        for value, colour in ((bar.value, FULL), (bar.part, PART)):
            if value:
                draw.rectangle([round(left), round(min(height(value), floor - 1)), round(right), floor - 1], colour)
        draw.text(((left + right) / 2, floor + 5), bar.label, INK, font, anchor="mt")
    draw.text((LEFT, 6), title, INK, font, anchor="lt")
    if any(bar.part for bar in some):
        draw.text((WIDTH - RIGHT, 6), legend, INK, font, anchor="rt")
        begin = WIDTH - RIGHT - draw.textlength(legend, font) - 6
        draw.rectangle([begin - 9, 6, begin, 15], PART)
    file = io.BytesIO()
    image.quantize(64).save(file, "PNG", optimize=True)
    return file.getvalue()


def _short(number: int) -> str:
    """Return a number that fits beside the axis."""
    for size, letter in ((1_000_000, "M"), (1_000, "k")):
        if number >= 10 * size or (number >= size and number % size == 0):
            return f"{number / size:,.10g}{letter}"
    return f"{number:,}"


def _scale(most: int) -> int:
    """Return the top of the axis: an even number of tens, hundreds …, so that its half is a round number, too."""
    power: int = 10 ** max(0, math.ceil(math.log10(max(most, 2))) - 1)
    return next(step * power for step in (1, 2, 4, 6, 8, 10) if step * power >= max(most, 2))
