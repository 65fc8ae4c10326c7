"""The keys that are checked a statement at a time (migration 0012) hold what a foreign key would (decision 0008)."""

from collections.abc import Callable, Iterator

import pytest
from django.db import DatabaseError, IntegrityError, ProgrammingError, connection, connections, transaction

from campaigns.models import CallTask
from outreach.access.roles import Role
from registry.models import Citizen, FollowUp, FollowUpChange
from registry.services.citizen_merging import merge
from tests.factories.cast import actor_with_role
from tests.factories.follow_up_keys import (
    ABSENT,
    call,
    change,
    delete_row,
    follow_up,
    place,
    unwritten,
)
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import NOON, make_citizen

pytestmark = pytest.mark.django_db(transaction=True, databases=["default", "owner"])

TABLES = ("registry_followup", "registry_followupchange", "campaigns_calltask")
FUNCTIONS = ("is_whole", "moves", "parent_leaves", "parent_is_emptied")
COUNTED = (Citizen, FollowUp, FollowUpChange)


@pytest.fixture
def family() -> Iterator[tuple[int, int, int]]:
    """A citizen, their follow-up and its history, committed; afterwards all three are as they were."""
    with place():
        citizen = make_citizen(1).pk
        one = follow_up(citizen).pk
        written = change(one).pk
    yield citizen, one, written
    with place():
        rows = (Citizen.objects.get(), FollowUp.objects.get(), FollowUpChange.objects.get())
        assert [each.pk for each in rows] == [citizen, one, written]
        assert {each.municipality_id for each in rows} == {ISHOEJ}


Family = tuple[int, int, int]
REFUSED: dict[str, tuple[Callable[[Family], object], str]] = {
    "a follow-up of nobody": (lambda _: follow_up(ABSENT), "names a citizen who does not exist"),
    "history of nothing": (lambda _: change(ABSENT), "names a follow-up that does not exist"),
    "a call of nobody": (lambda _: call(ABSENT), "names a citizen who does not exist"),
    "a call from elsewhere": (
        lambda _: call(make_citizen(9).pk, municipality=HOEJE_TAASTRUP),
        "names a citizen who does not exist",
    ),
    "a call moved to nobody": (
        lambda _: CallTask.objects.filter(pk=call(make_citizen(9).pk).pk).update(citizen_id=ABSENT),
        "names a citizen who does not exist",
    ),
    "one of many": (
        lambda f: FollowUp.objects.bulk_create([unwritten(make_citizen(9).pk), unwritten(ABSENT)]),
        "names a citizen who does not exist",
    ),
    "a follow-up moved to nobody": (
        lambda f: FollowUp.objects.filter(pk=f[1]).update(citizen_id=ABSENT),
        "names a citizen who does not exist",
    ),
    "history moved to nothing": (
        lambda f: FollowUpChange.objects.filter(pk=f[2]).update(follow_up_id=ABSENT),
        "names a follow-up that does not exist",
    ),
    "a citizen deleted": (lambda f: delete_row("registry_citizen", f[0]), "the citizen still has a follow-up"),
    "a follow-up deleted": (lambda f: delete_row("registry_followup", f[1]), "the follow-up still has its history"),
    "a citizen's key changed": (
        lambda f: Citizen.objects.filter(pk=f[0]).update(id=ABSENT),
        "the citizen still has a follow-up",
    ),
    "a follow-up's key changed": (
        lambda f: FollowUp.objects.filter(pk=f[1]).update(id=ABSENT),
        "the follow-up still has its history",
    ),
    "a citizen in another municipality": (
        lambda f: Citizen.objects.filter(pk=f[0]).update(municipality_id=HOEJE_TAASTRUP),
        "the citizen still has a follow-up",
    ),
    "a follow-up in another municipality": (
        lambda f: FollowUp.objects.filter(pk=f[1]).update(municipality_id=HOEJE_TAASTRUP),
        "names a citizen who does not exist",
    ),
    "history in another municipality": (
        lambda f: FollowUpChange.objects.filter(pk=f[2]).update(municipality_id=HOEJE_TAASTRUP),
        "names a follow-up that does not exist",
    ),
    "a follow-up from elsewhere": (
        lambda _: follow_up(make_citizen(9).pk, municipality=HOEJE_TAASTRUP),
        "names a citizen who does not exist",
    ),
    "history from elsewhere": (
        lambda f: change(f[1], municipality=HOEJE_TAASTRUP),
        "names a follow-up that does not exist",
    ),
}


@pytest.mark.parametrize("case", REFUSED)
def test_nothing_is_left_without_its_key(family: Family, case: str) -> None:
    work, sentence = REFUSED[case]
    with pytest.raises(IntegrityError, match=sentence), place(ISHOEJ, HOEJE_TAASTRUP):
        work(family)


def test_a_deletion_is_checked_also_when_the_context_has_ended(family: Family) -> None:
    """Row security hides the follow-up from whoever commits; the key sees it all the same."""
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.municipalities', %s, true)", [f"{{{ISHOEJ}}}"])
        delete_row("registry_citizen", family[0])
        cursor.execute("SELECT set_config('app.municipalities', '', true)")


def test_emptying_what_is_referred_to_is_refused(family: Family) -> None:
    for table in ("registry_citizen", "registry_followup"):
        with pytest.raises(IntegrityError), connections["owner"].cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_other_isolation_is_refused(family: Family) -> None:
    """What a repeatable read does not see, it cannot check."""
    refused = pytest.raises(DatabaseError, match="READ COMMITTED only")
    with refused, transaction.atomic("owner"), connections["owner"].cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        cursor.execute("DELETE FROM registry_citizen WHERE id = %s", [family[0]])
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_all_of_it_may_be_deleted_in_any_order(order: tuple[int, ...]) -> None:
    with place():
        citizen = make_citizen(1).pk
        one = follow_up(citizen).pk
        written = change(one).pk
    rows = [("registry_citizen", citizen), ("registry_followup", one), ("registry_followupchange", written)]
    with place():
        for position in order:
            delete_row(*rows[position])
    with place():
        other = make_citizen(2)
        change(follow_up(other.pk).pk)
    with place():
        other.delete()
    with place():
        assert [model.objects.count() for model in COUNTED] == [0, 0, 0]


def test_a_citizen_may_move_with_all_of_theirs() -> None:
    """Nothing in the program moves one so (a move ends the work, C3), but whoever does is followed, not refused."""
    with place(ISHOEJ, HOEJE_TAASTRUP):
        change(follow_up(make_citizen(1).pk).pk)
    with place(ISHOEJ, HOEJE_TAASTRUP):
        for model in COUNTED:
            model.objects.update(municipality_id=HOEJE_TAASTRUP)
    with place(ISHOEJ):
        assert [model.objects.count() for model in COUNTED] == [0, 0, 0]


def test_records_that_become_one_take_their_follow_ups_along() -> None:
    """C3: a changed number is followed; history moves first, then the left follow-up and the left record go."""
    with place():
        old, valid, alone = make_citizen(1), make_citizen(2), make_citizen(3)
        left, kept = follow_up(old.pk), follow_up(valid.pk)
        for each in (left, kept):
            change(each.pk)
    actor = actor_with_role(Role.LIST_ADMIN)
    with place():
        merge(by=actor, old=old, valid=valid, now=NOON)
    with place():
        merge(by=actor, old=valid, valid=alone, now=NOON)
    with place():
        assert list(FollowUp.objects.values_list("pk", "citizen_id")) == [(kept.pk, alone.pk)]
        assert list(FollowUpChange.objects.values_list("follow_up_id", flat=True)) == [kept.pk, kept.pk]
        assert Citizen.objects.count() == 1


def locks_held() -> list[tuple[str, int]]:
    """Advisory locks with one number, as the keys take them, of this connection."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT mode, count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 1"
            " AND pid = pg_backend_pid() GROUP BY mode"
        )
        return list(cursor.fetchall())


def test_one_statement_shares_the_locks_of_all_its_municipalities() -> None:
    with place(ISHOEJ, HOEJE_TAASTRUP):
        people = [make_citizen(1), make_citizen(2, municipality=HOEJE_TAASTRUP)]
        FollowUp.objects.bulk_create([unwritten(each.pk, municipality=each.municipality_id) for each in people])
        assert locks_held() == [("ShareLock", 2)]


def test_saving_what_did_not_move_asks_nobody(family: Family) -> None:
    """Django's save names every column: were the lock taken for that, each answer would wait for each list."""
    with place(), connection.cursor() as cursor:
        for model in COUNTED:
            model.objects.get().save()
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        assert locks_held() == []


def test_the_checks_are_no_window_into_other_municipalities() -> None:
    """They see past row security: nobody may hang them on a table of their own and ask by guessing."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT array_agg(proname::text ORDER BY proname),"
            " bool_or(has_function_privilege(current_user, oid, 'execute')),"
            " bool_and(proowner = (SELECT oid FROM pg_roles WHERE rolname = 'outreach_owner'))"
            " FROM pg_proc WHERE prosecdef AND pronamespace = 'public'::regnamespace AND proname <> 'outreach_now'"
        )
        names = [f"{table}_{name}" for table in TABLES for name in FUNCTIONS]
        assert cursor.fetchone() == (sorted(names), False, True)
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            cursor.execute("CREATE TEMPORARY TABLE guess (citizen_id bigint, municipality_id int)")
            cursor.execute(
                "CREATE TRIGGER guess AFTER INSERT ON guess REFERENCING NEW TABLE AS written"
                " FOR EACH STATEMENT EXECUTE FUNCTION registry_followup_is_whole()"
            )


def test_a_refusal_tells_a_neighbours_citizen_from_nobody_in_no_way() -> None:
    with place(HOEJE_TAASTRUP):
        neighbour = make_citizen(1, municipality=HOEJE_TAASTRUP).pk
    said = set()
    for citizen in (neighbour, ABSENT):
        with pytest.raises(IntegrityError) as refused, place():
            follow_up(citizen)
        said.add(str(refused.value))
    assert len(said) == 1
