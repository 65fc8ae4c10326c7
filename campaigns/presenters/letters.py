"""The pages of letters in words (S9)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext, gettext_lazy, ngettext

from outreach.design.formats import datetime_da

from ..letters.rules import LeftOut
from ..models import BatchState, Letter, LetterBatch, LetterChannel, LetterState
from ..selectors.letters import Due
from ..services.letters.marking import Stopped
from ..step_reasons import StepReason
from .languages import language_name

if TYPE_CHECKING:
    from django_stubs_ext import StrOrPromise

REASON_NAMES: dict[str, StrOrPromise] = {
    StepReason.CALLS_UNANSWERED: gettext_lazy("Har ikke taget telefonen"),
    StepReason.NO_NUMBER_FOUND: gettext_lazy("Har intet nummer, vi kan finde"),
    StepReason.FIRST_CONTACT: gettext_lazy("Skal kontaktes første gang"),
}
LEFT_OUT_WORDS: dict[str, StrOrPromise] = {
    LeftOut.PROTECTED: gettext_lazy("Adressen er beskyttet. Frigiv den med en grund, hvis brevet skal sendes."),
    LeftOut.NO_NAME: gettext_lazy("Navnet mangler"),
    LeftOut.NO_ADDRESS: gettext_lazy("Vi har ingen adresse. Find borgeren på anden måde, eller ret adressen."),
    LeftOut.RETURNED: gettext_lazy("Sidste brev kom retur. Ret adressen, før der sendes et nyt."),
    LeftOut.NOT_WANTED: gettext_lazy("Vil ikke kontaktes igen."),
    LeftOut.STATUS: gettext_lazy("Er død, udrejst, forsvundet eller flyttet."),
    LeftOut.IN_BATCH: gettext_lazy("Ligger i en bunke, der ikke er sendt."),
    LeftOut.CLOSED: gettext_lazy("Sagen er lukket, siden brevet blev lavet."),
    LeftOut.OTHER_STEP: gettext_lazy("Har fået et andet næste skridt, siden brevet blev lavet."),
    LeftOut.MERGED: gettext_lazy("Borgeren har et andet brev i en bunke, siden to CPR-numre blev lagt sammen."),
    LeftOut.PROTECTED_SINCE: gettext_lazy("Har fået beskyttet adresse, siden brevet blev lavet."),
}
BATCH_TONES = {BatchState.READY: "accent", BatchState.SENT: "success", BatchState.FAILED: "danger"}
LETTER_TONES = {LetterState.SENT: "success", LetterState.RETURNED: "danger", LetterState.TAKEN_OUT: "warning"}


@dataclass(frozen=True)
class ReasonGroup:
    """Those with one reason: how many, and which way their letters go."""

    code: str
    name: str
    letters: int
    paper: int
    digital: int
    left_out: int
    languages: str


@dataclass(frozen=True)
class LeftOutRow:
    """A citizen who gets no letter now."""

    citizen_id: int
    name: str
    why: str
    protected: bool


@dataclass(frozen=True)
class StoppedRow:
    """A letter to take out of the pile by hand; `waiting`: it is still counted among those that go."""

    letter_id: int
    place: str
    citizen_id: int
    name: str
    why: str
    waiting: bool


@dataclass(frozen=True)
class LetterRow:
    """A letter of a batch."""

    id: int
    place: str
    citizen_id: int
    name: str
    channel: str
    language: str
    state: str
    tone: str
    detail: str
    returnable: bool


@dataclass(frozen=True)
class BatchRow:
    """A batch in the list."""

    id: int
    name: str
    made: str
    state: str
    tone: str
    counts: str


def reason_groups(due: Sequence[Due]) -> list[ReasonGroup]:
    """The groups one can make a batch of, largest first."""
    groups = []
    for code in dict.fromkeys(each.reason for each in due):
        group = [each for each in due if each.reason == code]
        going = [each for each in group if each.left_out is None]
        languages = sorted({language_name(each.citizen.language) for each in going} - {language_name("da")})
        groups.append(
            ReasonGroup(
                code=code,
                name=reason_name(code),
                letters=len(going),
                paper=sum(each.channel == LetterChannel.PAPER for each in going),
                digital=sum(each.channel == LetterChannel.DIGITAL for each in going),
                left_out=len(group) - len(going),
                languages=", ".join(languages),
            )
        )
    return sorted(groups, key=lambda each: -each.letters)


def reason_name(code: str) -> str:
    """Why a letter is next, in a few words."""
    return str(REASON_NAMES.get(code) or gettext("Skal have brev"))


def group_label(group: ReasonGroup) -> str:
    """`Har ikke taget telefonen: 12 breve (9 Digital Post, 3 papir)`."""
    letters = ngettext("%(n)s brev", "%(n)s breve", group.letters) % {"n": group.letters}
    numbers = {"digital": group.digital, "paper": group.paper}
    ways = gettext("%(digital)s med Digital Post, %(paper)s på papir") % numbers
    return f"{group.name}: {letters} ({ways})"


def left_out_rows(due: Sequence[Due]) -> list[LeftOutRow]:
    """Those who get none now, and what to do."""
    return [
        LeftOutRow(
            citizen_id=each.citizen.pk,
            name=each.citizen.name.strip() or each.citizen.cpr_masked,
            why=str(LEFT_OUT_WORDS[each.left_out]),
            protected=each.left_out == LeftOut.PROTECTED,
        )
        for each in due
        if each.left_out is not None and each.left_out != LeftOut.IN_BATCH
    ]


def batch_row(batch: LetterBatch) -> BatchRow:
    """A batch with the counts that `selectors.letters.batches` adds."""
    counts = {name: getattr(batch, name) for name in ("total", "paper", "digital", "sent", "taken_out", "returned")}
    words = [gettext("%(digital)s Digital Post, %(paper)s papir") % counts]
    if counts["sent"]:
        words.append(gettext("%(sent)s sendt") % counts)
    if counts["taken_out"] and batch.state == BatchState.SENT:
        words.append(gettext("%(taken_out)s taget ud") % counts)
    if counts["returned"]:
        words.append(gettext("%(returned)s kom retur") % counts)
    made = datetime_da(timezone.localtime(batch.created_at))
    return BatchRow(
        id=batch.pk,
        name=gettext("Bunke %(number)s") % {"number": batch.pk},
        made=f"{made} · {batch.created_by_name}",
        state=batch.get_state_display(),
        tone=BATCH_TONES.get(BatchState(batch.state), ""),
        counts=" · ".join(words),
    )


def letter_row(letter: Letter) -> LetterRow:
    """One letter; the address is not shown."""
    state = LetterState(letter.state)
    detail = ""
    if state == LetterState.TAKEN_OUT:
        detail = str(LEFT_OUT_WORDS.get(letter.taken_out_reason) or gettext("Bunken blev fortrudt."))
    elif state == LetterState.RETURNED and letter.returned_at is not None:
        detail = f"{datetime_da(timezone.localtime(letter.returned_at))} · {letter.returned_by_name}"
    elif letter.released_by_name:
        detail = gettext("Adressen frigivet af %(name)s") % {"name": letter.released_by_name}
    return LetterRow(
        id=letter.pk,
        place=place_of(letter),
        citizen_id=letter.citizen_id,
        name=letter.citizen.name,
        channel=letter.get_channel_display(),
        language=language_name(letter.text.language),
        state=str(state.label),
        tone=LETTER_TONES.get(state, ""),
        detail=detail,
        returnable=state == LetterState.SENT and letter.channel == LetterChannel.PAPER,
    )


def stopped_rows(stopped: Sequence[Stopped]) -> list[StoppedRow]:
    """What must be taken out, by place in the pile."""
    return [
        StoppedRow(
            each.letter.pk,
            place_of(each.letter),
            each.letter.citizen_id,
            each.letter.citizen.name,
            str(LEFT_OUT_WORDS[each.reason]),
            each.letter.state == LetterState.WAITING,
        )
        for each in stopped
    ]


def place_of(letter: Letter) -> str:
    """Where the letter lies: by the number printed at its foot, or by the file's number in the archive."""
    if letter.channel == LetterChannel.DIGITAL:
        return gettext("Digital Post nr. %(number)04d") % {"number": letter.position}
    return gettext("Papir nr. %(number)s") % {"number": letter.position}
