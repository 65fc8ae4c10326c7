"""Uptake files, lists and follow-ups for the tests of figures. People are invented and have no CPR number."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from pathlib import Path

from outreach.access.actor import Actor, system_actor
from outreach.access.roles import ROLE_PERMISSIONS, Role
from registry.models import (
    Citizen,
    CprKind,
    FollowUp,
    Institution,
    ListKind,
    ListRow,
    ListState,
    Municipality,
    NonresponderList,
    Outcome,
    Programme,
    RowClass,
)
from reports.models import UptakeSnapshot
from reports.services.uptake_import import import_uptake

ISHOJ, HOJE_TAASTRUP = 183, 169
NOW = datetime(2021, 4, 20, 8, tzinfo=UTC)
AS_OF = date(2021, 4, 20)
NOT_REACHED = {Outcome.NO_ANSWER, Outcome.VOICEMAIL, Outcome.BUSY, Outcome.WRONG_NUMBER}

GROUP_FILE = """Målgruppe;Borgere i målgruppen;Inviterede;Påbegyndt;Færdigvaccinerede
1;89;89;87;86
2;325;325;304;300
3;143;143;138;136
7;383;383;–;–
8;1041;1041;–;–
9;2055;–;–;–
I alt;4036;2015;363;151
"""


def acting(role: Role, code: int = ISHOJ) -> Actor:
    """Somebody of a municipality, as the middleware would make them."""
    return Actor(
        name="Mette Holm",
        user_id=1,
        role=role,
        organisation_name="Ishøj Kommune",
        municipality_codes=frozenset([code]),
        permissions=ROLE_PERMISSIONS[role],
    )


def job(*codes: int) -> Actor:
    """A system job in the municipalities given."""
    return system_actor("test-job", codes or (ISHOJ,))


def covid() -> Programme:
    """The programme every test is about."""
    return Programme.objects.get(code="covid-19")


def ishoj() -> Municipality:
    """The municipality every test is about."""
    return Municipality.objects.get(code=ISHOJ)


def imported(
    folder: Path, text: str, *, name: str = "tal.csv", as_of: date | None = AS_OF, by: Actor | None = None,
    municipality: Municipality | None = None, invented: bool = False,
) -> UptakeSnapshot:  # fmt: skip
    """The snapshot of an uptake file with this text."""
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return import_uptake(
        by=by or system_actor("test-job", []),
        path=path,
        display_name=name,
        as_of=as_of,
        programme=covid(),
        municipality=municipality,
        now=NOW,
        invented=invented,
    )


@dataclass
class WeeklyList:
    """A committed standing list that is filled with people: `week.person("2", outcome="declined")`."""

    as_of: date = AS_OF
    covered: list[str] = field(default_factory=list)
    code: int = ISHOJ
    state: str = ListState.COMMITTED
    kind: str = ListKind.STANDING

    def __post_init__(self) -> None:
        self.list = NonresponderList.objects.create(
            municipality_id=self.code,
            programme=covid(),
            kind=self.kind,
            as_of=self.as_of,
            waiting_days=22,
            groups_covered=self.covered,
            stored_name="x",
            display_name="liste.xlsx",
            file_sha256="0" * 64,
            file_bytes=1,
            state=self.state,
            state_changed_at=NOW,
            uploaded_by_name="Mette Holm",
            uploaded_at=NOW,
            committed_at=NOW,
        )
        self.rows = 0

    def people(self, group: str, number: int, **more: object) -> list[FollowUp]:
        """`number` people of one group on the list."""
        return [self.person(group, **more) for _ in range(number)]  # type: ignore[arg-type]

    def person(
        self, group: str, *, outcome: str = "", row_class: str = RowClass.NEW, parish: int | None = None,
        institution: Institution | None = None, contacted: bool = False,
    ) -> FollowUp:  # fmt: skip
        """One more person on the list, with an open follow-up, or a closed one for those who declined or are gone."""
        citizen = Citizen.objects.create(
            municipality_id=self.code,
            cpr_kind=CprKind.NONE,
            name="Opdigtet Person",
            sort_name="person",
            search_name="opdigtet person",
            parish_id=parish,
            institution=institution,
            created_at=NOW,
            updated_at=NOW,
        )
        ends = {"declined": "declined"} if outcome == Outcome.DECLINED else {}
        closed = "gone" if row_class == RowClass.GONE else ends.get(outcome, "")
        follow_up = FollowUp.objects.create(
            municipality_id=self.code,
            citizen=citizen,
            programme=covid(),
            target_group=group,
            last_list=self.list,
            opened_at=NOW,
            outcome=outcome,
            outcome_at=NOW if outcome else None,
            first_contact_at=NOW if contacted or outcome else None,
            updated_at=NOW,
            **(
                {"status": "closed", "closed_reason": closed, "closed_at": NOW}
                if closed
                else {"next_step_kind": "call", "next_step_at": NOW, "next_step_reason": "new_on_list"}
            ),
        )
        self.row(follow_up, group, row_class)
        return follow_up

    def row(self, follow_up: FollowUp, group: str, row_class: str = RowClass.NEW) -> ListRow:
        """Another row about a person who has a follow-up."""
        self.rows += 1
        return ListRow.objects.create(
            municipality_id=self.code,
            nonresponder_list=self.list,
            row_number=None if row_class == RowClass.GONE else self.rows + 1,
            target_group=group,
            row_class=row_class,
            citizen=follow_up.citizen,
        )
