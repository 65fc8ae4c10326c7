"""What a batch's files hold: sheets with the window in its place, Digital Post messages, sealed on disk (S9, A4)."""

import csv
import io
import unicodedata
import zipfile
from base64 import b64decode
from datetime import date
from pathlib import Path
from uuid import UUID
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader
from weasyprint import HTML

from campaigns.imports import letter_jobs
from campaigns.letters.memo import MemoLetter, archive, memo_xml
from campaigns.letters.printing import letters_html, letters_pdf
from campaigns.letters.sheet import WINDOW_FREE, Block, Pointer, Sender, Sheet, blocks
from campaigns.models import BatchState, ContactPoint, LetterChannel, LetterSender
from campaigns.services.letters import files, make_batch
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.design.typesetter import OwnFontsOnly
from outreach.errors import UserError
from registry.models import Municipality
from tests.factories.cast import actor_with_role
from tests.factories.contact_pages import NOW, citizen, follow_up, records
from tests.factories.geography import ISHOEJ

NAMESPACE = {"memo": "https://DigitalPost.dk/MeMo-1"}
SENDER = Sender("Ishøj Kommune", "Sundhed", "Ishøj Store Torv 20", "2635 Ishøj", "43 57 75 75", "11931316", ISHOEJ)
PX_PER_MM = 96 / 25.4


def sheet(language: str = "da", direction: str = "ltr", **changes: object) -> Sheet:
    values: dict[str, object] = {
        "place": "Bunke 1 · brev 1",
        "receiver": ["Aase Birthe Mikkelsen", "Vildtbanegård 12, 3. tv", "2635 Ishøj"],
        "day": date(2021, 4, 20),
        "title": "Vi vil gerne hjælpe dig",
        "blocks": [
            Block("paragraph", ["Kære Aase"]),
            Block("points", ["Ring til os"]),
            Block("sites", ["Huset · 16.00"]),
        ],
        "pointers": [Pointer("en", "ltr", "Would you like this in English?")],
    }
    return Sheet(language=language, direction=direction, **(values | changes))


def text_boxes(box: object) -> list[tuple[str, float, float, float, float]]:
    """Every run of text on a page with left, top, right and bottom in millimetres: what the layout engine placed."""
    found = []
    if getattr(box, "text", "").strip():
        edges = (box.position_x, box.position_y, box.position_x + box.width, box.position_y + box.height)
        found.append((box.text, *(edge / PX_PER_MM for edge in edges)))
    for child in getattr(box, "children", []):
        found += text_boxes(child)
    return found


def pages_of(pdf: bytes) -> list[str]:
    """The text of each page as a PDF reader copies it, on one line."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def test_the_printed_text_is_that_of_the_sheets_page_by_page():
    """Letters of Danish and Arabic, with characters that a font may lack, read back from the finished file."""
    own = sheet(receiver=["Søren Ærø Åkjær", "Ågade 1 €", "2635 Ishøj"], blocks=[Block("paragraph", ["Kære Søren."])])
    arabic = sheet("ar", "rtl", title="نود مساعدتك", place="Bunke 1 · brev 2")
    danish, other = pages_of(letters_pdf([[own, arabic]], SENDER))
    for words in ("Søren Ærø Åkjær", "Ågade 1 €", "Vi vil gerne hjælpe dig", "Kære Søren.", "Bunke 1 · brev 1",
                  "Would you like this in English?"):  # fmt: skip
        assert words in danish
    assert "Bunke 1 · brev 2" in other
    assert "Søren" not in other
    letters = [each for each in unicodedata.normalize("NFKC", other) if "\u0600" <= each <= "\u06ff"]
    assert set("نود مساعدتك") - {" "} <= set(letters)


@pytest.mark.parametrize(("language", "direction"), [("da", "ltr"), ("ar", "rtl")])
def test_the_receiver_and_nothing_else_stands_behind_the_window(language, direction):
    long_name = ["Til forældremyndighedens indehavere for", "Anne-Marie Christine Højgaard Kristoffersen",
                 "Vildtbanegårdsvænget 112, 13. tv", "2635 Ishøj"]  # fmt: skip
    html = letters_html([sheet(language, direction, receiver=long_name)], SENDER)
    pages = HTML(string=html, url_fetcher=OwnFontsOnly()).render().pages
    placed = text_boxes(pages[0]._page_box)
    left, top, right, bottom = WINDOW_FREE
    behind = [each for each in placed if each[1] < right and each[3] > left and each[2] < bottom and each[4] > top]
    assert {line for text, *_ in behind for line in long_name if line.startswith(text.strip()[:6])} == set(long_name)
    words = " ".join(long_name)
    assert all(text.strip() in words for text, *_ in behind)
    # Inside the smaller of the two windows (C5: x 15-120, y 44-79; C4: x 15-115, y 42-82) with room to slide.
    assert all(x0 >= 17 and x1 <= 113 and y0 >= 46 and y1 <= 77 for _text, x0, y0, x1, y1 in behind)
    assert any("Ishøj Kommune" in text for text, *_ in placed)
    assert any("Bunke 1 · brev 1" in text for text, *_ in placed)


def test_each_letter_begins_a_sheet_with_its_own_place_in_the_pile():
    html = letters_html([sheet(place=f"Bunke 1 · brev {number}") for number in (1, 2, 3)], SENDER)
    pages = HTML(string=html, url_fetcher=OwnFontsOnly()).render().pages
    feet = [[text for text, *_ in text_boxes(page._page_box) if text.startswith("Bunke")] for page in pages]
    assert feet == [["Bunke 1 · brev 1"], ["Bunke 1 · brev 2"], ["Bunke 1 · brev 3"]]


def test_the_text_in_pieces():
    body = "Kære {navn}\n\nFørst.\nSå.\n\n## Hjælp\n* Ring {telefon}\n* Skriv\n\n## Steder\n{steder}\n\nHilsen"
    fields = {"navn": "Bo", "telefon": "12 34"}
    with_places = [(each.kind, each.lines) for each in blocks(body, fields, ["Huset"])]
    assert with_places == [
        ("paragraph", ["Kære Bo"]),
        ("paragraph", ["Først.", "Så."]),
        ("heading", ["Hjælp"]),
        ("points", ["Ring 12 34", "Skriv"]),
        ("heading", ["Steder"]),
        ("sites", ["Huset"]),
        ("paragraph", ["Hilsen"]),
    ]
    assert [each.lines for each in blocks(body, fields, [])][4:] == [["Hilsen"]]


@pytest.mark.case("SS02")
def test_no_letter_is_made_with_an_empty_field():
    with pytest.raises(UserError) as refused:
        blocks("Kære {navn}", {"navn": " "}, [])
    assert refused.value.code == "letter_field_missing"


def memo(**changes: object) -> MemoLetter:
    values: dict[str, object] = {
        "number": 17,
        "message_id": UUID("6f1c3f0e-5a37-4c53-9d0e-2c9c1f6f2a11"),
        "sender_cvr": "11931316",
        "sender_name": "Ishøj Kommune",
        "recipient_cpr": "0101391234",
        "title": "Brev <&> hjælp",
        "language": "da",
        "created_at": NOW,
        "pdf": b"%PDF-1.7 \x00\xff",
    }
    return MemoLetter(**(values | changes))


def test_a_memo_message_has_its_parts_in_the_order_of_the_schema():
    """Order and names as in the public classes generated from Digitaliseringsstyrelsen's schema, version 1.1."""
    message = ElementTree.fromstring(memo_xml(memo()))
    assert message.tag == "{https://DigitalPost.dk/MeMo-1}Message"
    assert message.attrib == {"memoVersion": "1.1", "memoSchVersion": "1.1.0"}

    def names(path: str) -> list[str]:
        return [child.tag.split("}")[1] for child in message.find(path, NAMESPACE)]

    assert names("memo:MessageHeader") == [
        "messageType", "messageUUID", "label", "mandatory", "legalNotification", "Sender", "Recipient",
    ]  # fmt: skip
    assert names("memo:MessageHeader/memo:Sender") == ["senderID", "idType", "label"]
    assert names("memo:MessageHeader/memo:Recipient") == ["recipientID", "idType"]
    assert names("memo:MessageBody") == ["createdDateTime", "MainDocument"]
    assert names("memo:MessageBody/memo:MainDocument/memo:File") == [
        "encodingFormat",
        "filename",
        "language",
        "content",
    ]
    # NOW is 11.20 in Copenhagen; a leading zero of a number stays (it was lost in a known library).
    assert message.findtext("memo:MessageBody/memo:createdDateTime", namespaces=NAMESPACE) == "2021-04-20T09:20:00Z"
    assert message.findtext("memo:MessageHeader/memo:Recipient/memo:recipientID", namespaces=NAMESPACE) == "0101391234"
    assert message.findtext("memo:MessageHeader/memo:label", namespaces=NAMESPACE) == "Brev <&> hjælp"


@pytest.mark.parametrize("wrong", [{"sender_cvr": ""}, {"sender_cvr": "1193131"}, {"recipient_cpr": "010139123"}])
def test_a_message_without_both_numbers_is_not_made(wrong):
    with pytest.raises(ValueError, match="digits"):
        memo_xml(memo(**wrong))


def test_the_same_letters_give_the_same_archive():
    assert archive([memo(), memo(number=18)]) == archive([memo(), memo(number=18)])


@pytest.mark.django_db
def test_the_files_hold_paper_and_digital_post_apart_and_are_sealed(settings):
    lead = actor_with_role(Role.TEAM_LEAD)
    municipality = Municipality.objects.get(code=ISHOEJ)
    ContactPoint.objects.create(municipality=municipality, phone="43 57 75 75")
    LetterSender.objects.create(
        municipality=municipality, address="Ishøj Store Torv 20", postal_code="2635", city="Ishøj", cvr="11931316"
    )
    with records():
        for name, changes in (
            ("Aase Digital", {"cpr": "7101391234"}),
            ("Bent Fritaget", {"digital_post_exempt": True}),
        ):
            owner = citizen(name, address="Vildtbanegård 12", postal_code="2635", city="Ishøj", **changes)
            follow_up(owner, next_step_kind="letter", next_step_at=NOW, next_step_reason="calls_unanswered")
    with data_context(lead):
        batch = make_batch(by=lead, reasons=["calls_unanswered"], now=NOW)
    batch = letter_jobs.advance(batch.pk, now=NOW)
    assert (batch.state, batch.letters_made) == (BatchState.READY, 2)
    on_disk = b"".join(path.read_bytes() for path in (Path(settings.UPLOAD_ROOT) / "letters").iterdir())
    assert b"%PDF" not in on_disk
    assert b"7101391234" not in on_disk
    with data_context(lead):
        paper = files.fetch(by=lead, batch=batch, channel=LetterChannel.PAPER, now=NOW)
        packed = files.fetch(by=lead, batch=batch, channel=LetterChannel.DIGITAL, now=NOW)
        assert AccessEvent.objects.filter(purpose="Breve hentet").count() == 2
    # Read back from the file itself: one letter, to whom it is for, and nobody else's.
    [printed] = pages_of(paper)
    for words in ("Bent Fritaget", "Vildtbanegård 12", "2635 Ishøj", "Ishøj Kommune", "43 57 75 75", "20.04.2021"):
        assert words in printed
    assert "Aase" not in printed
    assert "1391234" not in printed
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        names = archive.namelist()
        [xml_name] = [name for name in names if name.endswith(".xml")]
        message = ElementTree.fromstring(archive.read(xml_name))
        [row] = list(csv.DictReader(io.StringIO(archive.read("manifest.csv").decode("utf-8-sig")), delimiter=";"))
        pdf = archive.read(row["pdf"])
    assert "7101391234" not in " ".join(names)
    assert message.findtext("memo:MessageHeader/memo:Recipient/memo:recipientID", namespaces=NAMESPACE) == "7101391234"
    assert message.findtext("memo:MessageHeader/memo:Sender/memo:senderID", namespaces=NAMESPACE) == "11931316"
    content = message.findtext("memo:MessageBody/memo:MainDocument/memo:File/memo:content", namespaces=NAMESPACE)
    assert b64decode(content) == pdf
    [sent] = pages_of(pdf)
    assert "Aase Digital" in sent
    assert "Bent" not in sent
    assert "7101391234" not in sent
    assert row["messageUUID"] == message.findtext("memo:MessageHeader/memo:messageUUID", namespaces=NAMESPACE)
