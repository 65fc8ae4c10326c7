"""IC06: what holds a national file back. Figures small enough to see."""

from registry.services.national_gates import Shares, reasons_to_hold

SERVED = {169: "Høje-Taastrup", 183: "Ishøj"}


def codes(shares: Shares, previous: dict[int, int] | None = None, served: dict[int, str] = SERVED) -> list[str]:
    return [reason["code"] for reason in reasons_to_hold(shares, previous, served)]


def test_an_ordinary_file_is_not_held() -> None:
    assert codes(Shares({169: 60, 183: 40, 101: 900}, unplaced=10)) == []
    assert codes(Shares({169: 60, 183: 40}, unplaced=0), {169: 58, 183: 44}) == []


def test_all_rows_in_one_municipality_are_held_from_fifty_rows_on() -> None:
    assert codes(Shares({183: 50}, unplaced=0)) == ["one_municipality"]
    assert codes(Shares({183: 49}, unplaced=0)) == []
    # An installation of one municipality gets only its own rows.
    assert codes(Shares({183: 50}, unplaced=0), served={183: "Ishøj"}) == []


def test_more_than_one_row_in_twenty_without_a_municipality_is_held() -> None:
    assert codes(Shares({169: 50, 183: 45}, unplaced=5)) == []
    assert codes(Shares({169: 50, 183: 44}, unplaced=6)) == ["unplaced"]


def test_a_municipality_with_many_rows_last_time_and_none_now_is_held_and_named() -> None:
    shares = Shares({169: 60, 101: 500}, unplaced=0)
    assert codes(shares, {169: 60, 183: 49, 101: 500}) == []
    (reason,) = reasons_to_hold(shares, {169: 60, 183: 50, 101: 500}, SERVED)
    assert reason["code"] == "vanished_municipality"
    assert "Ishøj" in reason["message"]
    assert "Høje-Taastrup" not in reason["message"]


def test_a_tenth_of_the_rows_of_last_time_is_held() -> None:
    assert codes(Shares({169: 5, 183: 5}, unplaced=0), {169: 49, 183: 51}) == ["fewer_rows"]
    assert codes(Shares({169: 6, 183: 5}, unplaced=0), {169: 49, 183: 51}) == []
