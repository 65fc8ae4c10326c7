"""CPR numbers (C2): one value with `parse`, a column with `parse_columns`. Pure."""

from registry.cpr.columns import parse_columns
from registry.cpr.parsing import LEADING_ZERO, MESSAGES, CprKind, CprProblem, ParsedCpr, Sex, parse

__all__ = [
    "LEADING_ZERO",
    "MESSAGES",
    "CprKind",
    "CprProblem",
    "ParsedCpr",
    "Sex",
    "parse",
    "parse_columns",
]
