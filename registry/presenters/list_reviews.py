"""The review page in words: facts, what the reader noticed, gates, the rows panel and what approval does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from outreach.access.actor import Actor
from outreach.access.permissions import Permission

from ..models import NonresponderList, RowClass
from .lists import approval_question, consequences, facts_line, long_day, week_words

CHANGED = "changed_since_review"
# A new file of citizens takes this gate away; the list stays as it is.
MENDED_ELSEWHERE = {"low_match_rate"}
SAME_WEEK = "same_week"
# What to do about a gate, where the gate's own sentence does not say it.
WHAT_TO_DO = {
    "order_expired": gettext_lazy("Skriv den nye bestilling ind under Listebestillinger, og indlæs listen under den."),
    "order_not_valid_yet": gettext_lazy("Listen bliver stående her, til bestillingen gælder."),
    "another_municipality": gettext_lazy("Afvis listen, og indlæs kommunens egen."),
    "another_programme": gettext_lazy("Afvis listen, og indlæs den igen under det rigtige program."),
    "low_match_rate": gettext_lazy("Indlæs et nyt borgerregister, og prøv igen. Eller hent listen igen hos SSI."),
    "many_moved": gettext_lazy("Se rækkerne under »Flyttet«. Er de rigtige, kan en anden godkende listen alligevel."),
    "older_than_newest": gettext_lazy("Er det en fejl, så afvis listen. Ellers kan en anden godkende den alligevel."),
    SAME_WEEK: gettext_lazy("Se forskellene herunder. Er de rigtige, så godkend listen alligevel, og skriv hvorfor."),
    "no_rows": gettext_lazy("Spørg SSI, om listen skal være tom. Skal den det, kan en anden godkende den."),
    "fewer_rows": gettext_lazy("Spørg SSI, hvis du er i tvivl. Er tallet rigtigt, kan en anden godkende listen."),
}


@dataclass(frozen=True, slots=True)
class Gate:
    """What holds the list, and what to do; `may_override` for this actor, else `why_not` when somebody else may."""

    code: str
    message: str
    todo: str
    may_override: bool
    why_not: str


@dataclass(frozen=True, slots=True)
class ReviewPage:
    """Everything above and below the rows."""

    title: str
    week: str
    facts: str
    warnings: list[str]
    gates: list[Gate]
    overrides: list[str]
    consequences: list[str]
    question: str
    held: bool
    may_approve: bool
    may_withdraw: bool
    invented: bool
    second_review: bool = False
    override_code: str = ""
    may_retry: bool = False


def review_page(
    nonresponder_list: NonresponderList, counts: Mapping[RowClass, int], undecided: int, *, actor: Actor
) -> ReviewPage:
    """The page round the rows, for this actor."""
    may_approve = actor.may(Permission.APPROVE_LISTS)
    gates = [_gate(gate, nonresponder_list, actor) for gate in nonresponder_list.gates]
    return ReviewPage(
        title=_("Gennemse listen fra %(day)s") % {"day": long_day(nonresponder_list.as_of)},
        week=week_words(nonresponder_list.as_of),
        facts=facts_line(nonresponder_list),
        warnings=[_warning(each) for each in nonresponder_list.warnings],
        gates=gates,
        overrides=override_lines(nonresponder_list),
        consequences=consequences(counts, undecided),
        question=approval_question(counts, undecided),
        held=bool(gates),
        may_approve=may_approve,
        may_withdraw=actor.may(Permission.UPLOAD_LISTS),
        invented=nonresponder_list.invented,
        second_review=any(gate.code == CHANGED for gate in gates),
        override_code=gates[0].code if gates and all(gate.may_override for gate in gates) else "",
        # Trying again helps when the cause may have gone; a gate that waits for a person's answer stays.
        may_retry=any(gate.code in MENDED_ELSEWHERE or not (gate.may_override or gate.why_not) for gate in gates),
    )


def override_lines(nonresponder_list: NonresponderList) -> list[str]:
    """Gates somebody took the responsibility for: who, and why."""
    return [
        _("%(who)s har godkendt den alligevel: %(reason)s") % {"who": override["by"], "reason": override["reason"]}
        for override in nonresponder_list.overrides
    ]


def _gate(gate: Mapping[str, object], nonresponder_list: NonresponderList, actor: Actor) -> Gate:
    overridable = bool(gate.get("overridable"))
    risky = bool(gate.get("second_person", True))
    own = risky and actor.user_id is not None and actor.user_id == nonresponder_list.uploaded_by_id
    why_not = ""
    if overridable and own:
        why_not = _(
            "Du har selv indlæst filen. En anden teamleder eller listeadministrator kan godkende den alligevel."
        )
    return Gate(
        code=str(gate["code"]),
        message=str(gate["message"]),
        todo=str(WHAT_TO_DO.get(str(gate["code"]), "")),
        may_override=overridable and not own and actor.may(Permission.APPROVE_LISTS),
        why_not=why_not,
    )


def _warning(warning: object) -> str:
    return str(warning["message"]) if isinstance(warning, dict) else str(warning)
