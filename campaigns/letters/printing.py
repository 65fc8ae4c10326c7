"""Sheets as HTML and PDF, with the code that leads to the public page of pop-ups."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import segno
from django.conf import settings
from django.template.loader import render_to_string

from outreach.design.pdf import pdf_of_many, pdf_parts

from ..texts.bidi import direction
from .sheet import WINDOW_HEIGHT, WINDOW_LEFT, WINDOW_TOP, WINDOW_WIDTH, Sender, Sheet

# The margins of the page, in the template: positions there count from inside them.
MARGIN_LEFT, MARGIN_TOP = 20, 15
PUBLIC_PATH = "/pop-up/"


def public_address(municipality_code: int | None = None) -> str:
    """The public page of pop-ups, as a letter names it; with a code that municipality's part of it."""
    address = f"{settings.PUBLIC_URL}{PUBLIC_PATH}"
    return f"{address}?kommune={municipality_code}" if municipality_code is not None else address


def letters_html(sheets: Sequence[Sheet], sender: Sender) -> str:
    """The sheets as one page of HTML, each beginning on a new sheet of paper."""
    address = public_address()
    code = segno.make(public_address(sender.municipality_code), error="m", micro=False)
    languages = {each.language for each in sheets} | {line.language for each in sheets for line in each.pointers}
    return render_to_string(
        "campaigns/print/letters.html",
        {
            "sheets": sheets,
            # Unpacking a font takes a third of a second: only those that somebody reads.
            "arabic": any(direction(each) == "rtl" for each in languages),
            "urdu": "ur" in languages,
            "sender": sender,
            "address": address,
            "code": code_path(code),
            "code_size": code.symbol_size(border=0)[0],
            "window": {
                "left": WINDOW_LEFT - MARGIN_LEFT,
                "top": WINDOW_TOP - MARGIN_TOP,
                "width": WINDOW_WIDTH,
                "height": WINDOW_HEIGHT,
            },
        },
    )


def code_path(code: segno.QRCode) -> str:
    """The dark squares as one SVG path, a unit each."""
    rows = enumerate(code.matrix_iter(border=0))
    return "".join(f"M{x} {y}h1v1h-1z" for y, row in rows for x, dark in enumerate(row) if dark)


def single_pdfs(sheets: Sequence[Sheet], sender: Sender) -> list[bytes]:
    """Each letter as a PDF of its own, set together: fonts are unpacked once."""
    return pdf_parts(letters_html(sheets, sender))


def letters_pdf(portions: Iterable[Sequence[Sheet]], sender: Sender) -> bytes:
    """A pile as one PDF, set portion by portion: whoever gives them may tell how far it is in between."""
    return pdf_of_many(letters_html(portion, sender) for portion in portions)
