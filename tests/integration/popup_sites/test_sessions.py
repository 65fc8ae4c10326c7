"""Planning, publishing, changing and cancelling sessions; notices and the municipality's answer."""

from datetime import date, timedelta
from unittest.mock import Mock

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, transaction

from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.errors import UserError
from popup_sites.models import NoticeKind, PopupSite, SessionNotice, SessionStatus, VaccinationSession
from popup_sites.selectors import notices_waiting, sessions_this_week
from popup_sites.services.notices import acknowledge_notice, mark_read
from popup_sites.services.publishing import cancel_session, publish_session
from popup_sites.services.sessions import change_session, create_session
from popup_sites.services.sites import create_site
from popup_sites.signals import session_published
from registry.models import Municipality
from tests.factories.geography import AARHUS, CENTRAL_REGION, HOEJE_TAASTRUP
from tests.factories.popup_sites import (
    NOW,
    at,
    municipal,
    planned_session,
    planner,
    published_session,
    session_values,
    site_in,
    team_named,
)

pytestmark = pytest.mark.django_db
WEDNESDAY = date(2021, 4, 21)


def refusal_of(action: object) -> UserError:
    """The UserError an action ends in."""
    with pytest.raises(UserError) as refusal:
        action()  # type: ignore[operator]
    return refusal.value


class TestSites:
    def test_site_outside_the_planners_region_is_refused(self) -> None:
        with pytest.raises(PermissionDenied):
            _create_from_capital(AARHUS)
        assert not PopupSite.objects.exists()

    def test_point_far_from_the_municipality_is_refused(self) -> None:
        error = refusal_of(lambda: site_in(latitude=56.16, longitude=10.2))
        assert error.code == "point_far_away"
        assert "Ishøj" in error.message

    def test_caseworker_may_not_create_sites(self) -> None:
        with pytest.raises(PermissionDenied):
            _create_from_capital(183, by=municipal(Role.CASEWORKER))


def _create_from_capital(code: int, by: object = None) -> PopupSite:
    return create_site(
        by=by or planner(),
        municipality=Municipality.objects.get(pk=code),
        kind="residential",
        name="Et sted",
        address="Vej 1",
        latitude=55.6,
        longitude=12.3,
        now=NOW,
    )


class TestPlanning:
    def test_second_round_is_created_with_the_first(self) -> None:
        first = planned_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        second = VaccinationSession.objects.get(second_round_of=first)
        assert (first.capacity, second.capacity) == (144, 144)
        assert second.ends_at == at(date(2021, 5, 19), 20)
        assert [change.to_status for change in second.status_changes.all()] == [SessionStatus.PLANNED]

    def test_second_round_too_early_writes_nothing(self) -> None:
        site = site_in()
        error = refusal_of(lambda: planned_session(site, second_round_starts_at=at(date(2021, 5, 5), 14)))
        assert error.code == "second_round_too_early"
        assert error.message.startswith("Anden runde: ")
        assert not VaccinationSession.objects.exists()

    def test_second_round_is_planned_later_once(self) -> None:
        site = site_in()
        first = planned_session(site)
        later = {"starts_at": at(date(2021, 5, 19), 14), "ends_at": at(date(2021, 5, 19), 18)}
        second = planned_session(site, second_round_of=first, **later)
        again = {"starts_at": at(date(2021, 5, 20), 14), "ends_at": at(date(2021, 5, 20), 18)}
        assert refusal_of(lambda: planned_session(site, second_round_of=first, **again)).code == "has_second_round"
        cancel_session(by=planner(), session=second, reason="Holdet er sygt", now=NOW)
        assert planned_session(site, second_round_of=first, **again).second_round_of == first

    def test_overlap_at_the_site_names_the_other_session(self) -> None:
        site = site_in()
        planned_session(site)
        error = refusal_of(lambda: planned_session(site, starts_at=at(WEDNESDAY, 19, 59), ends_at=at(WEDNESDAY, 22)))
        assert error.code == "site_is_taken"
        assert "Vejleåparken, beboerhuset har allerede åbent ons. 21.04.2021 kl. 14–20" in error.message

    def test_adjacent_sessions_are_allowed(self) -> None:
        site, team = site_in(), team_named()
        planned_session(site, team=team)
        planned_session(site, team=team, starts_at=at(WEDNESDAY, 20), ends_at=at(WEDNESDAY, 22))
        assert VaccinationSession.objects.count() == 2

    def test_team_in_two_places_is_refused_until_the_first_is_cancelled(self) -> None:
        team = team_named()
        first = planned_session(site_in(), team=team)
        other = site_in(HOEJE_TAASTRUP, "Lupinparken")
        error = refusal_of(lambda: planned_session(other, team=team))
        assert error.code == "team_is_elsewhere"
        assert "»Bus 2« er allerede på Vejleåparken" in error.message
        cancel_session(by=planner(), session=first, reason="Flyttes", now=NOW)
        planned_session(other, team=team)

    def test_another_regions_team_is_refused(self) -> None:
        site = site_in()
        foreign = team_named(code=CENTRAL_REGION)
        with pytest.raises(PermissionDenied):
            planned_session(site, team=foreign)

    def test_another_regions_site_is_refused(self) -> None:
        site = site_in()
        with pytest.raises(PermissionDenied):
            create_session(by=planner(CENTRAL_REGION), site=site, **session_values())

    def test_database_itself_refuses_what_slips_past_the_rules(self) -> None:
        session = planned_session(site_in())
        for values in (
            {"reserved": 145},
            {"ends_at": session.starts_at},
            {"capacity": 201},
            {"vaccinators": 0},
        ):
            with pytest.raises(IntegrityError), transaction.atomic():
                VaccinationSession.objects.filter(pk=session.pk).update(**values)

    def test_writes_are_logged(self) -> None:
        session = planned_session(site_in())
        publish_session(by=planner(), session=session, now=NOW)
        with data_context(municipal(Role.TEAM_LEAD)):
            logged = AccessEvent.objects.filter(subject_kind="vaccination_session", subject_id=str(session.pk))
            assert [event.action for event in logged.order_by("recorded_at")] == ["add", "change"]


class TestNotices:
    def test_publishing_tells_the_municipality_of_both_rounds(self) -> None:
        heard = Mock()
        session_published.connect(heard)
        try:
            first = published_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        finally:
            session_published.disconnect(heard)
        assert SessionNotice.objects.filter(municipality_id=183).count() == 2
        assert first.notices.get().told["second_round_starts_at"] == "2021-05-19T14:00:00+02:00"
        assert [call.kwargs["session_id"] for call in heard.call_args_list] == [
            first.pk,
            first.second_round.pk,
        ]

    def test_publishing_twice_is_refused(self) -> None:
        session = published_session(site_in())
        error = refusal_of(lambda: publish_session(by=planner(), session=session, now=NOW))
        assert error.code == "not_from_this_state"
        assert session.notices.count() == 1

    def test_session_that_is_over_is_not_published(self) -> None:
        session = planned_session(site_in())
        late = NOW + timedelta(days=2)
        assert refusal_of(lambda: publish_session(by=planner(), session=session, now=late)).code == "session_is_over"

    def test_municipality_sees_a_session_only_when_it_is_told(self) -> None:
        site = site_in()
        session = planned_session(site)
        assert not VaccinationSession.objects.visible_to(municipal()).exists()
        assert VaccinationSession.objects.visible_to(planner()).exists()
        publish_session(by=planner(), session=session, now=NOW)
        assert VaccinationSession.objects.visible_to(municipal()).exists()
        assert not VaccinationSession.objects.visible_to(municipal(code=HOEJE_TAASTRUP)).exists()
        assert not VaccinationSession.objects.visible_to(planner(CENTRAL_REGION)).exists()

    def test_reading_is_stamped_once_and_acknowledging_once(self) -> None:
        notice = published_session(site_in()).notices.get()
        assert mark_read(by=municipal(), notices=[notice], now=NOW) == 1
        assert mark_read(by=municipal(Role.LIST_ADMIN), notices=[notice], now=NOW) == 0
        assert list(notices_waiting(municipal(), NOW)) == [notice]
        answered = acknowledge_notice(by=municipal(), notice=notice, now=NOW, remark="Vi ringer rundt.")
        assert (answered.read_by_name, answered.acknowledged_by_name) == ("Mette Holm", "Mette Holm")
        error = refusal_of(lambda: acknowledge_notice(by=municipal(), notice=notice, now=NOW))
        assert error.code == "already_acknowledged"
        assert "Mette Holm" in error.message
        assert "20.04.2021 kl. 9.20" in error.message
        assert not notices_waiting(planner(), NOW)

    def test_neighbours_and_caseworkers_cannot_acknowledge(self) -> None:
        notice = published_session(site_in()).notices.get()
        for actor in (municipal(code=HOEJE_TAASTRUP), municipal(Role.CASEWORKER), planner()):
            with pytest.raises(PermissionDenied):
                acknowledge_notice(by=actor, notice=notice, now=NOW)

    def test_change_of_a_published_session_makes_a_new_notice_and_the_old_one_stays_true(self) -> None:
        session = published_session(site_in())
        old = session.notices.get()
        values = session_values(ends_at=at(WEDNESDAY, 21))
        change_session(by=planner(), session=session, **values)
        newest, first = session.notices.all()
        assert (newest.kind, first.pk) == (NoticeKind.CHANGED, old.pk)
        assert first.told["ends_at"].startswith("2021-04-21T20:00")
        assert list(notices_waiting(municipal())) == [newest]
        assert refusal_of(lambda: acknowledge_notice(by=municipal(), notice=old, now=NOW)).code == "newer_notice"

    def test_saving_without_a_change_tells_nobody(self) -> None:
        session = published_session(site_in())
        change_session(by=planner(), session=session, **session_values())
        assert session.notices.count() == 1

    def test_change_before_publishing_tells_nobody(self) -> None:
        session = planned_session(site_in())
        changed = change_session(by=planner(), session=session, **session_values(vaccinators=1))
        assert changed.capacity == 72
        assert not SessionNotice.objects.exists()

    def test_cancelling_needs_a_reason_and_tells_it(self) -> None:
        session = published_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        assert (
            refusal_of(lambda: cancel_session(by=planner(), session=session, reason=" ", now=NOW)).code
            == "reason_missing"
        )
        cancel_session(
            by=planner(),
            session=session,
            reason="Fryseren er gået i stykker",
            now=NOW,
            with_second_round=True,
        )
        assert set(VaccinationSession.objects.values_list("status", flat=True)) == {SessionStatus.CANCELLED}
        newest = session.notices.first()
        assert (newest.kind, newest.told["reason"]) == (NoticeKind.CANCELLED, "Fryseren er gået i stykker")
        assert (
            refusal_of(lambda: change_session(by=planner(), session=session, **session_values())).code
            == "session_is_cancelled"
        )


class TestChanging:
    def test_capacity_below_what_is_promised_is_refused(self) -> None:
        session = published_session(site_in())
        VaccinationSession.objects.filter(pk=session.pk).update(reserved=100)
        error = refusal_of(lambda: change_session(by=planner(), session=session, **session_values(vaccinators=1)))
        assert error.code == "capacity_below_reserved"
        assert "28 for få" in error.message
        session.refresh_from_db()
        assert (session.capacity, session.vaccinators) == (144, 2)

    def test_first_round_cannot_move_too_near_its_second(self) -> None:
        session = planned_session(site_in(), second_round_starts_at=at(date(2021, 5, 19), 14))
        later = date(2021, 5, 1)
        values = session_values(starts_at=at(later, 14), ends_at=at(later, 20))
        assert (
            refusal_of(lambda: change_session(by=planner(), session=session, **values)).code == "second_round_too_early"
        )

    def test_running_session_can_be_prolonged_but_not_moved_back(self) -> None:
        session = published_session(site_in())
        during = at(WEDNESDAY, 16)
        values = session_values(now=during, ends_at=at(WEDNESDAY, 21))
        assert change_session(by=planner(), session=session, **values).ends_at == at(WEDNESDAY, 21)
        moved = session_values(now=during, starts_at=at(WEDNESDAY, 13))
        assert refusal_of(lambda: change_session(by=planner(), session=session, **moved)).code == "session_in_past"


class TestThisWeek:
    def test_only_published_sessions_until_sunday(self) -> None:
        site = site_in()
        sunday, monday = date(2021, 4, 25), date(2021, 4, 26)
        wanted = [
            published_session(site),
            published_session(site, starts_at=at(sunday, 18), ends_at=at(sunday, 22)),
        ]
        published_session(site, starts_at=at(monday, 0), ends_at=at(monday, 4))
        planned_session(site, starts_at=at(sunday, 10), ends_at=at(sunday, 12))
        assert sessions_this_week(municipal(), NOW) == wanted
        assert sessions_this_week(municipal(), at(WEDNESDAY, 20)) == wanted[1:]
