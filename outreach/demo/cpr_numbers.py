"""Day+60 CPR numbers: the shape of a real one, and never issued by the CPR register (C2)."""

from collections import Counter
from collections.abc import Sequence
from datetime import date

# The seventh digits that say the century (domain section 9), in the order they are used up.
_CENTURY_DIGITS = {1900: (0, 1, 2, 3), 2000: (5, 6, 7, 8)}
_SERIALS_PER_DIGIT = 500  # the last three digits, of which the very last says the sex


def day_plus_60_numbers(births: Sequence[date], women: Sequence[bool]) -> list[str]:
    """One unique number per person: day + 60, month, year, and four digits that fit century and sex.

    Raises ValueError when more than 2,000 of one sex are born on one day (the whole country has some 120).
    """
    turns: Counter[tuple[date, bool]] = Counter()
    numbers = []
    for birth, woman in zip(births, women, strict=True):
        turn = turns[birth, woman]
        turns[birth, woman] += 1
        numbers.append(_number(birth, woman, turn))
    return numbers


def _number(birth: date, woman: bool, turn: int) -> str:
    digits = _CENTURY_DIGITS[1900 if birth.year < 2000 else 2000]
    if turn >= _SERIALS_PER_DIGIT * len(digits):
        raise ValueError(f"too many people born on {birth}")
    # Start somewhere else on every date, so that the last four digits do not all look alike.
    step = (birth.toordinal() * 37 + turn) % (_SERIALS_PER_DIGIT * len(digits))
    serial = step % _SERIALS_PER_DIGIT * 2 + (0 if woman else 1)
    return (
        f"{birth.day + 60:02d}{birth.month:02d}{birth.year % 100:02d}{digits[step // _SERIALS_PER_DIGIT]}{serial:03d}"
    )
