"""The library of texts: which version is used, and what people do with the versions."""

from .choosing import MessageTexts, approved_letter, approved_script, sendable_template
from .pricing import ore_per_segment, set_price
from .writing import approve, definition_of, restore, withdraw, write_draft

__all__ = [
    "MessageTexts",
    "approve",
    "approved_letter",
    "approved_script",
    "definition_of",
    "ore_per_segment",
    "restore",
    "sendable_template",
    "set_price",
    "withdraw",
    "write_draft",
]
