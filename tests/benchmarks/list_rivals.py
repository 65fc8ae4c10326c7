"""What the list import is held against: raw COPY with one join insert, and django-import-export, on the same people."""

import time
from typing import Any

from contact_data import django  # noqa: F401  starts the servers and sets Django up
from django.db import connections, transaction
from django.utils import timezone
from import_export import resources
from list_world import ISHOEJ
from tablib import Dataset

from outreach.access.data_context import job_context
from outreach.privacy.sealing import blind_index
from registry.models import Citizen, FollowUp, Programme

FOLLOW_UPS = (
    "INSERT INTO registry_followup (municipality_id, citizen_id, programme_id, target_group, mandatory, invited_on,"
    " weeks_on_list, status, closed_reason, opened_at, outcome, barrier, call_attempts, sms_sent, letters_sent,"
    " next_step_kind, next_step_at, next_step_reason, next_step_detail, updated_at) SELECT 183, c.id,"
    " {programme}, r.target_group, true, r.invited_on, 1, 'open', '', now(), '', '', 0, 0, 0, 'wait', now(),"
    " 'to_be_planned', '{{}}', now()"
)
BARE = "INSERT INTO bench_rows SELECT c.id, r.name, r.target_group, r.invited_on"
JOIN = (
    " FROM bench_raw AS r JOIN registry_citizen AS c ON c.municipality_id = 183 AND c.cpr_index = r.cpr_index"
    " ON CONFLICT DO NOTHING"
)


def raw_copy(rows: list[list[str]]) -> tuple[float, float]:
    """Seconds for COPY of rows that are indexed already and one INSERT that joins them to the citizens.

    First into a bare table, then into the follow-ups themselves, with their indexes and keys. As the tables' owner,
    whom row security does not bind, without history, and undone afterwards: no commit is waited for.
    """
    lines = "".join(
        f"\\\\x{blind_index('cpr', number).hex()}\t{name}\t{group}\t2021-03-22\n" for number, name, group, _day in rows
    )
    programme = Programme.objects.get(code="pneumococcal").pk
    seconds = []
    for insert in (BARE, FOLLOW_UPS.format(programme=programme)):
        with transaction.atomic("owner"), connections["owner"].cursor() as cursor:
            cursor.execute("CREATE TABLE bench_rows (citizen_id bigint, name text, target_group text, invited_on date)")
            cursor.execute(
                "CREATE TEMP TABLE bench_raw (cpr_index bytea, name text, target_group text, invited_on date)"
            )
            started = time.monotonic()
            with cursor.copy("COPY bench_raw FROM STDIN") as copy:
                copy.write(lines)
            cursor.execute(insert + JOIN)
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            seconds.append(time.monotonic() - started)
            transaction.set_rollback(True, "owner")
    return seconds[0], seconds[1]


class FollowUpResource(resources.ModelResource):
    """The same work row by row: find the citizen by number, make the follow-up."""

    class Meta:
        model = FollowUp
        import_id_fields = ("citizen", "programme")
        fields = (
            "municipality", "citizen", "programme", "target_group", "invited_on", "weeks_on_list", "opened_at",
            "next_step_kind", "next_step_at", "next_step_reason", "updated_at",
        )  # fmt: skip

    def after_import(self, dataset: Dataset, result: Any, **options: Any) -> None:
        """Leave the sequences alone, which belong to the owner."""

    def before_import_row(self, row: dict[str, Any], **options: Any) -> None:
        citizen = Citizen.objects.filter(municipality=ISHOEJ, cpr_index=blind_index("cpr", row["citizen"])).first()
        row |= {
            "municipality": ISHOEJ,
            "citizen": None if citizen is None else citizen.pk,
            "programme": options["programme"].pk,
            "weeks_on_list": 1,
            "opened_at": timezone.now(),
            "next_step_kind": "wait",
            "next_step_at": timezone.now(),
            "next_step_reason": "to_be_planned",
            "updated_at": timezone.now(),
        }


class BulkFollowUpResource(FollowUpResource):
    """Its fastest mode: no instance is looked for, no difference is told, a thousand rows are inserted at once."""

    class Meta(FollowUpResource.Meta):
        use_bulk = True
        batch_size = 1000
        force_init_instance = True
        skip_diff = True
        skip_html_diff = True


def row_by_row(rows: list[list[str]], resource: type[FollowUpResource], programme_code: str) -> float:
    """Rows per second of django-import-export over a sample, in one transaction."""
    data = Dataset(headers=["citizen", "programme", "target_group", "invited_on"])
    for number, _name, group, _day in rows:
        data.append([number, "", group, "2021-03-22"])
    programme = Programme.objects.get(code=programme_code)
    with job_context("bench", [ISHOEJ]):
        started = time.monotonic()
        resource().import_data(data, programme=programme, raise_errors=False, use_transactions=True)
        seconds = time.monotonic() - started
        made = FollowUp.objects.filter(programme=programme).count()
    if made < len(rows) * 0.9:
        raise RuntimeError(f"only {made} of {len(rows)} rows were imported row by row")
    return made / seconds
