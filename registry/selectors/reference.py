"""Look up municipalities, programmes and other reference data by the codes people and files use."""

from datetime import date

from django.db.models import Q
from django.utils.translation import gettext as _

from outreach.errors import UserError

from ..models import DeadlineRule, GroupDuty, Municipality, Programme, TargetGroup
from ..working_days import add_working_days


def municipality_by_code(text: str | int) -> Municipality:
    """The municipality of a code (`"0183"`, `"183"`, 183). Raises UserError `unknown_municipality`."""
    digits = str(text).strip()
    found = Municipality.objects.filter(code=int(digits)).first() if digits.isascii() and digits.isdigit() else None
    if found is None:
        raise UserError(
            "unknown_municipality",
            _("Kommunekoden »%(code)s« findes ikke. Skriv fire cifre, for eksempel 0183.") % {"code": digits},
        )
    return found


def programme_by_code(code: str) -> Programme:
    """The active programme of a code (`covid-19`). Raises UserError `unknown_programme`."""
    found = Programme.objects.filter(code=code.replace("\0", ""), active=True).first()
    if found is None:
        known = ", ".join(Programme.objects.filter(active=True).order_by("code").values_list("code", flat=True))
        raise UserError(
            "unknown_programme",
            _("Programmet »%(code)s« findes ikke. Vælg et af: %(known)s.") % {"code": code, "known": known},
        )
    return found


def target_groups(programme: Programme, on: date) -> list[TargetGroup]:
    """The programme's groups that are valid on a day, earliest group first (C7)."""
    return list(
        TargetGroup.objects.filter(programme=programme, valid_from__lte=on)
        .filter(Q(valid_to=None) | Q(valid_to__gte=on))
        .order_by("order")
    )


def mandatory_group_codes(programme: Programme, on: date, municipality_id: int | None = None) -> list[str]:
    """Codes of the groups the follow-up duty covers on a day (K3), in order; by the municipality's own dates where it
    has any for the group.
    """
    own = {}
    if municipality_id is not None:
        duties = GroupDuty.objects.filter(programme=programme, municipality=municipality_id)
        own = {duty.code: duty for duty in duties}
    return [group.code for group in target_groups(programme, on) if _covers(own.get(group.code, group), on)]


def _covers(duty: TargetGroup | GroupDuty, on: date) -> bool:
    begun = duty.mandatory_from is not None and duty.mandatory_from <= on
    return begun and (duty.mandatory_to is None or duty.mandatory_to >= on)


def deadlines_from(programme: Programme, municipality: Municipality, day: date) -> dict[str, date]:
    """`first_contact_due` and `answer_due` of a follow-up whose clock starts on `day` (K3)."""
    rule = deadline_rule(programme, municipality)
    return {
        "first_contact_due": add_working_days(day, rule.first_contact_days),
        "answer_due": add_working_days(day, rule.answer_days),
    }


def deadline_rule(programme: Programme, municipality: Municipality) -> DeadlineRule:
    """The municipality's own deadlines, or the programme's common ones (K3)."""
    rules = DeadlineRule.objects.filter(programme=programme).filter(Q(municipality=municipality) | Q(municipality=None))
    own_first = sorted(rules, key=lambda rule: rule.municipality_id is None)
    return own_first[0] if own_first else DeadlineRule(programme=programme)
