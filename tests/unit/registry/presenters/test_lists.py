"""Words of the list pages: pure, values in and sentences out."""

from datetime import UTC, date, datetime

import pytest

from registry.models import Citizen, FollowUp, ListRow, NonresponderList, Outcome, Programme, RowClass
from registry.presenters.error_list import error_csv
from registry.presenters.list_comparisons import compare, explanation
from registry.presenters.list_panels import decided
from registry.presenters.list_rows import answer_mark, choices_of, row_lines
from registry.presenters.list_tiles import first_group, tile_groups, tiles
from registry.presenters.list_timeline import expected
from registry.presenters.lists import consequences, groups_words, long_day, rows_words, state_mark
from registry.presenters.progress import progress_line

TODAY = date(2021, 4, 20)
NOBODY = dict.fromkeys(RowClass, 0)


@pytest.mark.parametrize(
    ("codes", "words"),
    [
        ([], ""),
        (["7"], "målgruppe 7"),
        (["1", "2"], "målgruppe 1 og 2"),
        (["3", "1", "2", "7", "10A"], "målgruppe 1–3, 7 og 10A"),
        ([str(number) for number in range(1, 8)], "målgruppe 1–7"),
    ],
)
def test_groups_are_drawn_together(codes: list[str], words: str) -> None:
    assert groups_words(codes) == words


def test_numbers_and_days_are_danish() -> None:
    assert rows_words(1) == "1 række"
    assert rows_words(100_000) == "100.000 rækker"
    assert long_day(TODAY) == "20. april"


def test_tiles_stand_in_the_order_of_the_work_and_only_open_decisions_are_yellow() -> None:
    counts = NOBODY | {RowClass.NEEDS_DECISION: 2, RowClass.NEW: 41}
    first, *others = tiles(counts, chosen=RowClass.NEW, undecided=1)
    assert (first.group, first.number, first.tone) == ("needs_decision", 2, "warning")
    assert [tile.group for tile in others] == [
        "unreadable",
        "new",
        "waiting",
        "gone",
        "moved",
        "other_number",
        "duplicate",
    ]
    assert [tile.group for tile in others if tile.current] == ["new"]
    assert tiles(counts, chosen=None, undecided=0)[0].tone == ""
    assert tiles(counts, chosen=None, undecided=0, reviewing=False)[0].label == "Ikke taget stilling til"


def test_a_review_opens_with_what_needs_somebody() -> None:
    assert first_group(NOBODY | {RowClass.UNREADABLE: 1, RowClass.NEW: 9}) == RowClass.UNREADABLE
    assert first_group(NOBODY) == RowClass.NEW


def test_approval_says_what_it_does_and_never_that_the_gone_are_vaccinated() -> None:
    lines = consequences(NOBODY | {RowClass.NEW: 1, RowClass.GONE: 1041}, undecided=2)
    assert lines[0] == "1 ny borger får en opfølgning og et næste skridt."
    assert lines[1].startswith("1.041 borgere afsluttes som »ikke længere på listen«. Det er ikke det samme")
    assert lines[2] == "2 rækker har du ikke taget stilling til. De bliver ikke indlæst."
    assert len(lines) == 3


def test_the_next_list_is_late_from_the_day_after() -> None:
    on_time, late = expected([("Covid-19", TODAY), ("Influenza", date(2021, 4, 19))], TODAY)
    assert (on_time.late, late.late) == (False, True)
    assert on_time.text == "Covid-19: listen for uge 16 ventes tirs. 20.04."


@pytest.mark.parametrize("outcome", Outcome)
def test_every_answer_has_a_badge(outcome: Outcome) -> None:
    mark = answer_mark(outcome)
    assert mark is not None
    assert mark.text == outcome.label
    assert answer_mark("") is None


def test_a_dead_citizen_s_row_can_only_be_skipped() -> None:
    row = ListRow(pk=1, row_number=4, row_class="needs_decision", problem_code="citizen_status")
    assert [choice.value for choice in choices_of(row, [row])] == ["skip"]


def test_a_moved_citizen_is_left_out_unless_chosen() -> None:
    row = ListRow(pk=1, row_number=4, row_class="moved", problem_code="known_elsewhere")
    assert [choice.text for choice in choices_of(row, [row])] == ["Indlæs ikke", "Indlæs alligevel"]


def test_rows_of_one_number_are_one_line_with_the_earliest_group_named() -> None:
    rows = [
        ListRow(pk=1, row_number=88, same_as_row=88, row_class="needs_decision", target_group="7", name="Inger Holm"),
        ListRow(pk=2, row_number=121, same_as_row=88, row_class="needs_decision", target_group="3", name="Inger Holm"),
    ]
    (line,) = row_lines(rows, {}, today=TODAY, may_decide=True)
    assert line.numbers == "88, 121"
    assert [choice.text for choice in line.choices] == [
        "Række 88 · målgruppe 7",
        "Række 121 · målgruppe 3 (den tidligste)",
        "Spring alle over",
    ]
    assert row_lines(rows, {}, today=TODAY, may_decide=False)[0].choices == []


def test_a_refusal_rests_until_its_day() -> None:
    row = ListRow(
        pk=1,
        row_number=4,
        row_class="waiting",
        citizen=Citizen(pk=9, name="Kirsten Dam"),
        earlier_outcome="declined",
        earlier_outcome_at=datetime(2021, 4, 8, 10, tzinfo=UTC),
    )
    follow_up = FollowUp(
        status="closed", closed_reason="declined", reopen_on=date(2021, 10, 8), outcome="declined", barrier="distrust"
    )
    (line,) = row_lines([row], {9: follow_up}, today=TODAY, may_decide=True)
    assert line.answer is not None
    assert (line.answer.text, line.answer.tone) == ("Ønsker ikke", "danger")
    assert line.answer_detail == "08.04. · mistillid, myter eller bivirkninger"
    assert line.what_next == "Spørges ikke igen før 08.10.2021"


def test_error_list_carries_no_formula() -> None:
    error = {"row": 3, "column": "=1+1", "code": "cpr_length", "message": "@SUM(A1)", "row_class": "unreadable"}
    text = error_csv([error])
    assert text.splitlines()[1].startswith("3;'=1+1;'@SUM(A1);Ret rækken i filen")
    assert text.startswith("\ufeff")


def test_progress_says_how_far_and_never_ends_at_nothing() -> None:
    found = NonresponderList(state="uploaded", programme=Programme(name="Covid-19"))
    assert progress_line(found).text == "Den står i kø og går i gang om et øjeblik."
    found.progress = {"stage": "read", "done": 50_000, "of": None}
    assert progress_line(found).text == "50.000 rækker læst og sammenholdt"
    found.waits_for = "mapping"
    assert state_mark(found).text == "Vælg kolonner"


def test_what_needs_somebody_stands_apart_from_what_needs_nobody() -> None:
    needing, calm = tile_groups(NOBODY | {RowClass.UNREADABLE: 1}, chosen=None, undecided=0, reviewing=True)
    assert (needing.title, [tile.group for tile in needing.tiles]) == (
        "Kræver noget af dig",
        ["needs_decision", "unreadable"],
    )
    assert calm.title == "Ingen handling nødvendig"
    assert tile_groups(NOBODY, chosen=None, undecided=0, reviewing=True)[0].title == "Intet kræver noget af dig"
    assert len(tile_groups(NOBODY, chosen=None, undecided=0, reviewing=False)) == 1


def test_progress_says_what_is_missing_and_what_can_be_taken_back() -> None:
    assert decided(40, 12, None).text == "12 af 40 mangler"
    done = decided(40, 0, {"step": 3, "rows": 30, "by": "Mette"})
    assert (done.text, done.undo_text, done.undo_step) == (
        "Alle 40 er afgjort",
        "Sidste valg gjaldt 30 rækker.",
        3,
    )


def test_rows_side_by_side_mark_only_what_differs() -> None:
    rows = [
        ListRow(row_number=88, name="Inger Holm", target_group="7", invited_on=date(2021, 3, 15)),
        ListRow(row_number=121, name="Inger Holm", target_group="3", invited_on=date(2021, 3, 15)),
    ]
    comparison = compare(rows)
    assert comparison is not None
    assert comparison.heads == ["Række 88", "Række 121"]
    marked = {label: [cell.differs for cell in cells] for label, cells in comparison.lines}
    assert marked == {"Navn": [False, False], "Målgruppe": [True, True], "Inviteret": [False, False]}
    assert compare(rows[:1]) is None


def test_a_proposed_number_can_be_compared_without_being_shown() -> None:
    row = ListRow(row_number=9, problem_code="leading_zero", birth_date=date(1961, 1, 1))
    words = explanation(row, None, "010161-••••")
    assert words == "Filen: 10161-••••. Forslag: 010161-••••, født 01.01.1961, findes ikke i registret."
