"""A letter as a MeMo message, Digital Post's own format (1.1), and the archive given to whoever sends it. Pure.

Element names, their order and the namespace are those of the public classes made from Digitaliseringsstyrelsen's
schema; the schema itself is not at hand, so a municipality tries one message in Digital Post's test environment first.
"""

from __future__ import annotations

import base64
import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID
from xml.etree import ElementTree

from outreach.design.spreadsheets import neutral

NAMESPACE = "https://DigitalPost.dk/MeMo-1"
VERSION, SCHEMA_VERSION = "1.1", "1.1.0"
LABEL_LENGTH = 255
# A fixed time in the archive: the same letters give the same bytes.
ARCHIVED = (2000, 1, 1, 0, 0, 0)
_CVR, _CPR = re.compile(r"\d{8}"), re.compile(r"\d{10}")

ElementTree.register_namespace("memo", NAMESPACE)


@dataclass(frozen=True)
class MemoLetter:
    """What one message needs: `number` is its place in the batch, `recipient_cpr` ten digits."""

    number: int
    message_id: UUID
    sender_cvr: str
    sender_name: str
    recipient_cpr: str
    title: str
    language: str
    created_at: datetime
    pdf: bytes


def memo_xml(letter: MemoLetter) -> bytes:
    """The message as XML. Raises ValueError for a CVR that is not eight digits or a CPR that is not ten.

    Voluntary post: neither `mandatory` (the citizen cannot refuse it) nor a legal notification.
    """
    if not _CVR.fullmatch(letter.sender_cvr):
        raise ValueError("a sender is named by eight digits")
    if not _CPR.fullmatch(letter.recipient_cpr):
        raise ValueError("a receiver is named by ten digits")
    message = ElementTree.Element(_name("Message"), {"memoVersion": VERSION, "memoSchVersion": SCHEMA_VERSION})
    header = ElementTree.SubElement(message, _name("MessageHeader"))
    _add(header, "messageType", "DIGITALPOST")
    _add(header, "messageUUID", str(letter.message_id))
    _add(header, "label", letter.title[:LABEL_LENGTH])
    _add(header, "mandatory", "false")
    _add(header, "legalNotification", "false")
    sender = ElementTree.SubElement(header, _name("Sender"))
    _add(sender, "senderID", letter.sender_cvr)
    _add(sender, "idType", "CVR")
    _add(sender, "label", letter.sender_name[:LABEL_LENGTH])
    recipient = ElementTree.SubElement(header, _name("Recipient"))
    _add(recipient, "recipientID", letter.recipient_cpr)
    _add(recipient, "idType", "CPR")
    body = ElementTree.SubElement(message, _name("MessageBody"))
    _add(body, "createdDateTime", letter.created_at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"))
    document = ElementTree.SubElement(body, _name("MainDocument"))
    _add(document, "label", letter.title[:LABEL_LENGTH])
    file = ElementTree.SubElement(document, _name("File"))
    _add(file, "encodingFormat", "application/pdf")
    _add(file, "filename", file_name(letter, "pdf"))
    _add(file, "language", letter.language)
    _add(file, "content", base64.b64encode(letter.pdf).decode())
    return ElementTree.tostring(message, encoding="UTF-8", xml_declaration=True)


def archive(letters: Iterable[MemoLetter]) -> bytes:
    """A ZIP with a message and its PDF for each letter, and a manifest without names or numbers of citizens."""
    content, manifest = io.BytesIO(), io.StringIO()
    rows = csv.writer(manifest, delimiter=";", lineterminator="\r\n")
    rows.writerow(["nummer", "messageUUID", "memo", "pdf", "sprog", "bytes"])
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as packed:
        for letter in letters:
            for name, data in _files(letter):
                packed.writestr(zipfile.ZipInfo(name, ARCHIVED), data, zipfile.ZIP_DEFLATED)
            rows.writerow([neutral(cell) for cell in _manifest_row(letter)])
        packed.writestr(zipfile.ZipInfo("manifest.csv", ARCHIVED), manifest.getvalue().encode("utf-8-sig"))
    return content.getvalue()


def file_name(letter: MemoLetter, ending: str) -> str:
    """`0017-6f1c….pdf`: nothing of the citizen in it."""
    return f"{letter.number:04d}-{letter.message_id}.{ending}"


def _manifest_row(letter: MemoLetter) -> list[str | int]:
    names = [file_name(letter, "xml"), file_name(letter, "pdf")]
    return [letter.number, str(letter.message_id), *names, letter.language, len(letter.pdf)]


def _files(letter: MemoLetter) -> Iterator[tuple[str, bytes]]:
    yield file_name(letter, "xml"), memo_xml(letter)
    yield file_name(letter, "pdf"), letter.pdf


def _name(tag: str) -> str:
    return f"{{{NAMESPACE}}}{tag}"


def _add(parent: ElementTree.Element, tag: str, text: str) -> None:
    ElementTree.SubElement(parent, _name(tag)).text = text
