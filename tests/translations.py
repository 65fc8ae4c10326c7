"""Reads gettext catalogues (.po), as far as ours use the format."""

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_CONTEXT_MARK = "\x04"  # stands between context and sentence in a compiled catalogue
_LINE = re.compile(r"^(?:(msgctxt|msgid_plural|msgid|msgstr)(?:\[(\d)\])?\s+)?(\".*\")$")


@dataclass
class Entry:
    """One sentence of a catalogue and its translations."""

    context: str | None = None
    singular: str = ""
    plural: str | None = None
    targets: list[str] = field(default_factory=list)
    fuzzy: bool = False

    @property
    def key(self) -> tuple[str | None, str]:
        """What the sentence is looked up by."""
        return (self.context, self.singular)

    @property
    def is_unfinished(self) -> bool:
        """Not translated, only guessed, or without one of its two plural forms."""
        forms = 1 if self.plural is None else 2
        return self.fuzzy or len(self.targets) != forms or not all(self.targets)

    def catalogue_items(self) -> Iterator[tuple[object, str]]:
        """The keys and texts that Python's gettext holds for the sentence once it is compiled."""
        name = self.singular if self.context is None else f"{self.context}{_CONTEXT_MARK}{self.singular}"
        if self.plural is None:
            yield name, self.targets[0]
        else:
            for number, target in enumerate(self.targets):
                yield (name, number), target


def read_entries(catalogue: str) -> list[Entry]:
    """The entries of a catalogue without its header. Raises ValueError on a line that is not understood."""
    entries = [_entry(block) for block in re.split(r"\n{2,}", catalogue.strip())]
    return [entry for entry in entries if entry.singular]


def _entry(block: str) -> Entry:
    entry, part = Entry(), ""
    for line in block.splitlines():
        if line.startswith("#"):
            entry.fuzzy |= line.startswith("#,") and "fuzzy" in line
            continue
        found = _LINE.match(line)
        if found is None:
            raise ValueError(f"not a line of a catalogue: {line}")
        text = ast.literal_eval(found[3])
        if found[1]:
            part = found[1]
            if part == "msgstr":
                entry.targets.append("")
        if part == "msgctxt":
            entry.context = (entry.context or "") + text
        elif part == "msgid":
            entry.singular += text
        elif part == "msgid_plural":
            entry.plural = (entry.plural or "") + text
        else:
            entry.targets[-1] += text
    return entry
