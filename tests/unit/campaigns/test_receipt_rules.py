"""A status never falls, and what is final stays so (S6)."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaigns.models import MessageStatus as S
from campaigns.receipt_rules import FINAL, MEANING, RANK, Verdict, meaning_of, verdict


def play(reports: list[str], start: S = S.HANDING_OVER) -> S:
    """The status after these reports, one after the other."""
    status = start
    for raw in reports:
        reported = meaning_of(raw)
        if verdict(status, reported) == Verdict.APPLY:
            assert reported is not None
            status = reported
    return status


@pytest.mark.case("SW04")
@pytest.mark.parametrize("order", list(permutations(["queued", "sent", "delivered"])))
def test_in_whatever_order_news_comes_the_end_is_the_same(order: tuple[str, ...]) -> None:
    assert play(list(order)) == S.DELIVERED


@pytest.mark.case("SW05")
@pytest.mark.parametrize(
    ("first", "second"), [("delivered", "failed"), ("failed", "delivered"), ("undelivered", "delivered")]
)
def test_the_first_end_is_kept_and_a_second_one_is_a_conflict(first: str, second: str) -> None:
    assert play([first, second]) == meaning_of(first)
    assert verdict(meaning_of(first) or "", meaning_of(second)) == Verdict.CONFLICT


@pytest.mark.case("SW08")
@pytest.mark.parametrize("raw", ["foo", "", "DELIVERED!", "receiving"])
def test_an_unknown_word_changes_nothing(raw: str) -> None:
    assert verdict(S.SENT, meaning_of(raw)) == Verdict.UNKNOWN


def test_uncertain_messages_are_resolved_by_the_first_news() -> None:
    for raw in ("queued", "sent", "delivered", "undelivered", "failed"):
        assert verdict(S.IN_DOUBT, meaning_of(raw)) == Verdict.APPLY
        assert verdict(S.HANDING_OVER, meaning_of(raw)) == Verdict.APPLY


def test_news_of_an_earlier_stage_is_a_repetition() -> None:
    assert verdict(S.SENT, meaning_of("queued")) == Verdict.REPEATED
    assert verdict(S.DELIVERED, meaning_of("delivered")) == Verdict.REPEATED
    assert verdict(S.DELIVERED, meaning_of("sent")) == Verdict.REPEATED


def test_every_status_has_a_rank_or_is_final() -> None:
    assert set(RANK) | FINAL == set(S)
    assert not set(RANK) & FINAL


@given(st.lists(st.sampled_from(sorted(MEANING)), max_size=12), st.sampled_from(sorted(RANK)))
def test_no_order_of_reports_ever_lowers_a_status(reports: list[str], start: S) -> None:
    status, rank = start, RANK[S(start)]
    for raw in reports:
        after = play([raw], S(status))
        if status in FINAL:
            assert after == status
        else:
            assert after in FINAL or RANK[after] >= rank
            rank = RANK.get(after, rank)
        status = after
