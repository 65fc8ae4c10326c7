"""`import_list FILE …`: an SSI list up to its review, or to commit with `--approve`."""

from __future__ import annotations

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from outreach.command import OutreachCommand
from outreach.errors import UserError

from ...imports.columns import own_name
from ...imports.lists import advance
from ...models import (
    DEFAULT_SENDER,
    ListChannel,
    ListOrder,
    ListState,
    MappingSource,
    Municipality,
    NonresponderList,
    Programme,
)
from ...selectors.lists import receipt
from ...selectors.reference import municipality_by_code, programme_by_code
from ...services.lists import approve, receive_list, withdraw


class Command(OutreachCommand):
    """Runs the whole pipeline in this process; no worker is needed."""

    help = "Read an SSI list up to its review; with --approve commit it when no gate holds it."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument("--municipality", required=True, metavar="CODE")
        parser.add_argument("--programme", required=True, metavar="P")
        parser.add_argument("--as-of", required=True, metavar="DATE")
        parser.add_argument("--waiting-days", required=True, type=int, metavar="N")
        parser.add_argument("--groups", default="", help="comma-separated; by default those in the file")
        parser.add_argument("--order", metavar="REF", help="an ordered list, under this list order")
        parser.add_argument("--sender", default=DEFAULT_SENDER, help="whose columns are remembered")
        parser.add_argument("--by", required=True, metavar="USER")
        parser.add_argument("--approve", action="store_true")
        parser.add_argument("--map", action="append", default=[], metavar="THEIRS=OURS")
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        municipality = municipality_by_code(options["municipality"])
        received = self._receive(options, municipality, now)
        self.progress(_("Filen er modtaget som liste %(id)s.") % {"id": received.pk})
        reviewed = self._to_review(received.pk, options, now)
        with self.acting(options["by"], municipality.pk) as by:
            if options["approve"]:
                reviewed = approve(by=by, nonresponder_list=reviewed, now=now)
            return receipt(reviewed)

    def _receive(self, options: dict[str, Any], municipality: Municipality, now: datetime) -> NonresponderList:
        programme = programme_by_code(options["programme"])
        path: Path = options["file"]
        if not path.is_file():
            raise UserError("file_missing", _("Filen %(path)s findes ikke.") % {"path": path.name})
        mapping = parse_mapping(options["map"], "list")
        with self.acting(options["by"], municipality.pk) as by, path.open("rb") as file:
            received = receive_list(
                by=by,
                municipality=municipality,
                programme=programme,
                as_of=parse_day(options["as_of"]),
                waiting_days=options["waiting_days"],
                groups=[code.strip() for code in options["groups"].split(",") if code.strip()],
                order=_order(options["order"], municipality, programme),
                file=file,
                display_name=path.name,
                now=now,
                sender=options["sender"],
                channel=ListChannel.COMMAND,
            )
            if mapping:
                received.mapping, received.mapping_source = mapping, MappingSource.PERSON
                received.save(update_fields=["mapping", "mapping_source"])
        return received

    def _to_review(self, list_id: int, options: dict[str, Any], now: datetime) -> NonresponderList:
        """Raises UserError for a file that cannot be read, or whose columns nobody knows."""
        current = advance(list_id, now=now)
        if current.state == ListState.FAILED:
            raise UserError(current.error_code, current.error_message)
        if current.waits_for:
            with self.acting(options["by"], current.municipality_id) as by:
                withdraw(by=by, nonresponder_list=current, now=now, note="mapping_needed")
            raise UserError(
                "mapping_needed",
                _('Filens kolonner er ikke genkendt: %(names)s. Angiv dem med --map "Deres navn=vores_navn".')
                % {"names": ", ".join(current.dropped_columns)},
            )
        return current


def parse_day(text: str) -> date:
    """An ISO day. Raises UserError `bad_date`."""
    try:
        day = parse_date(text)
    except ValueError:
        day = None
    if day is None:
        raise UserError("bad_date", _("»%(text)s« er ikke en dato. Skriv den som 2021-04-20.") % {"text": text})
    return day


def parse_mapping(texts: list[str], specification: str) -> dict[str, str]:
    """`--map "Their header=our_name"`, repeated, as our column → their header. Raises UserError `bad_mapping`."""
    mapping = {}
    for text in texts:
        theirs, separator, named = text.rpartition("=")
        ours = own_name(named, specification)
        if not separator or not theirs.strip() or ours is None:
            raise UserError(
                "bad_mapping", _('»%(text)s« kan ikke bruges. Skriv --map "Deres navn=vores_navn".') % {"text": text}
            )
        mapping[ours] = theirs.strip()
    return mapping


def _order(reference: str | None, municipality: Municipality, programme: Programme) -> ListOrder | None:
    if reference is None:
        return None
    order = ListOrder.objects.filter(municipality=municipality, programme=programme, reference=reference).first()
    if order is None:
        raise UserError(
            "unknown_order",
            _("Bestillingen %(reference)s findes ikke. Opret den først under Listebestillinger.")
            % {"reference": reference},
        )
    return order
