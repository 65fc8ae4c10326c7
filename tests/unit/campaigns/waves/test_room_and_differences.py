"""Is there room at the pop-up, and what has changed since a wave was shown (S3)."""

from dataclasses import dataclass, field

from campaigns.waves.differences import Difference, differences
from campaigns.waves.room import Room


def test_room_for_everybody() -> None:
    room = Room(free=100, invited=100, expected_percent=10)
    assert (room.for_everybody, room.enough, room.highest_percent) == (True, True, 100)


def test_room_for_those_expected() -> None:
    # 10 % of 1,000 are 100.
    room = Room(free=100, invited=1000, expected_percent=10)
    assert (room.for_everybody, room.enough, room.expected, room.highest_percent) == (False, True, 100, 10)


def test_one_too_few() -> None:
    assert not Room(free=99, invited=1000, expected_percent=10).enough
    # Nine people of whom a tenth comes are one, not none.
    assert Room(free=0, invited=9, expected_percent=10).expected == 1


@dataclass
class Figures:
    recipients: int
    segments: int
    left_out: dict[str, int] = field(default_factory=dict)


def test_ten_more_or_two_in_a_hundred_are_the_ordinary_day() -> None:
    assert differences(Figures(5, 5), Figures(15, 15)) == []
    assert differences(Figures(1000, 1000), Figures(1020, 1020)) == []


def test_more_is_told_with_every_figure_that_moved() -> None:
    before, now = Figures(1000, 1000, {"opted_out": 3, "child": 1}), Figures(1021, 1000, {"opted_out": 1, "child": 1})
    assert differences(before, now) == [Difference("recipients", 1000, 1021), Difference("opted_out", 3, 1)]


def test_longer_texts_are_told_too() -> None:
    assert differences(Figures(100, 100), Figures(100, 200)) == [Difference("segments", 100, 200)]
