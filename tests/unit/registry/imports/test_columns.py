"""Headers are found, recognised, and never guessed twice."""

import pytest

from registry.imports.columns import find_header, normalise_header, own_name, propose

LIST = ["CPR-nummer", "Navn", "Målgruppe", "Inviteret"]


@pytest.mark.parametrize(
    "written", ["CPR-nummer", " cpr-nummer ", "CPR\u00a0nummer", "cpr_nummer", "Cpr Nummer", "CPR-nr."]
)
def test_header_is_recognised_however_it_is_written(written: str) -> None:
    assert propose([written, "Navn", "Inviteret"], "list", {}).positions["cpr"] == 0


def test_zero_width_marks_do_not_matter() -> None:
    assert normalise_header("\ufeffC\u200bPR") == "cpr"


def test_extra_columns_are_dropped_and_named() -> None:
    proposal = propose([*LIST, "Diagnose", ""], "list", {})
    assert proposal.dropped == ["Diagnose"]
    assert proposal.missing == []


def test_missing_columns_are_named_as_people_call_them() -> None:
    assert propose(["Navn"], "list", {}).missing == ["CPR-nummer", "Inviteret"]


@pytest.mark.parametrize("header", [["CPR", "CPR", "Navn"], ["CPR-nummer", "Personnummer", "Navn"]])
def test_two_headers_for_one_column_are_duplicates(header: list[str]) -> None:
    assert propose(header, "list", {}).duplicates == header[:2]


def test_mapping_goes_before_synonyms() -> None:
    proposal = propose(["Navn", "Borger", "CPR", "Dato"], "list", {"name": "Borger", "invited_on": "Dato"})
    assert proposal.positions == {"name": 1, "cpr": 2, "invited_on": 3}


def test_header_is_found_below_title_lines() -> None:
    rows = [["Liste fra SSI", ""], [], ["Uge 14", "2021"], LIST, ["7101390001", "A", "7", "08-03-2021"]]
    assert find_header(rows, "list", {}) == 3


def test_row_of_data_is_no_header() -> None:
    assert find_header([["7101390001", "Åse", "7", "08-03-2021"]], "list", {}) is None


def test_strange_words_may_be_a_header() -> None:
    assert find_header([["Liste"], ["Nummer", "Hvem"], ["7101390001", "Åse"]], "list", {}) == 1


def test_our_columns_are_named_by_name_title_or_synonym() -> None:
    assert [own_name(text, "list") for text in ("cpr", "Målgruppe", "invitationsdato", "sko")] == [
        "cpr",
        "target_group",
        "invited_on",
        None,
    ]
