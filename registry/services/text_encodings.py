"""Which encoding a text's first bytes give away. Free of Django: the reading child asks the same question."""

from __future__ import annotations

import codecs

UTF_32 = "utf-32"
_MARKS = (
    # UTF-32's little-endian mark begins as UTF-16's does.
    (codecs.BOM_UTF32_LE, UTF_32),
    (codecs.BOM_UTF32_BE, UTF_32),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
    (codecs.BOM_UTF8, "utf-8-sig"),
)
_LOOKED_AT = 2000  # bytes
_MOSTLY = 0.8  # share of zero bytes on one side of each pair: Latin letters and digits have one, Danish ones too


def encoding_by_start(start: bytes) -> str:
    """The codec for a text beginning so; "" when its bytes do not tell (UTF-8 without mark, Windows-1252).

    By mark (`utf-8-sig`, `utf-16`, `utf-32`), or UTF-16 without mark by its zero bytes.
    """
    for mark, encoding in _MARKS:
        if start.startswith(mark):
            return encoding
    looked = start[: min(len(start), _LOOKED_AT) // 2 * 2]
    pairs = len(looked) // 2
    if pairs:
        first, second = looked[0::2].count(0), looked[1::2].count(0)
        if second >= pairs * _MOSTLY and not first:
            return "utf-16-le"
        if first >= pairs * _MOSTLY and not second:
            return "utf-16-be"
    return ""
