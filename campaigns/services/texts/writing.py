"""What people do with the versions of a text: write, approve, withdraw, restore. No version is ever rewritten (S2)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from outreach.access.actor import Actor
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.errors import UserError
from registry.models import Programme

from ...models import CallScript, LetterText, MessageTemplate, TextState
from ...texts.catalogue import MODELS, SCRIPT, TextDefinition, definition, script_definition
from ...texts.checks import UNREADABLE, faults

AnyText = MessageTemplate | CallScript | LetterText


@transaction.atomic
def write_draft(
    *,
    by: Actor,
    text: TextDefinition,
    language: str,
    content: Mapping[str, Any],
    now: datetime,
    note: str = "",
    after: int | None = None,
) -> AnyText:
    """The next version of the municipality's own text, as a draft that somebody else must approve.

    `after` is the number of the newest own version the writer saw (0: none). Raises UserError `text_written_meanwhile`
    when there is a newer one, `text_unchanged`, and `text_not_valid` for an unknown field or an empty part.
    """
    by.require(Permission.EDIT_TEXTS)
    _require_valid(text, language, content, draft=True)
    own = _own_versions(by, text, language)
    newest = own.first()
    if after is not None and newest is not None and newest.version != after:
        raise UserError(
            "text_written_meanwhile",
            _("%(name)s har skrevet udgave %(version)s imens. Læs den, og ret i den i stedet.")
            % {"name": newest.written_by_name, "version": newest.version},
        )
    if newest is not None and newest.state == TextState.DRAFT and _content(newest) == dict(content):
        raise UserError("text_unchanged", _("Der er ikke rettet noget. Kladden er gemt, som den var."))
    return _add(by, text, language, content, now, note, newest.version + 1 if newest else 1)


@transaction.atomic
def approve(*, by: Actor, version: AnyText, now: datetime) -> AnyText:
    """Take a draft into use, in the approver's name. Returns the version in use.

    A common draft (one the program brought) becomes the municipality's own approved text; the common one stays a draft
    for everybody else. Raises UserError: `text_own_version` for whoever wrote it, `text_not_draft`, `text_not_valid`.
    """
    by.require(Permission.APPROVE_TEXTS)
    _require_visible(by, version)
    if version.state != TextState.DRAFT:
        raise UserError("text_not_draft", _("Udgaven er ikke længere en kladde. Genindlæs siden."))
    if version.written_by_id is not None and version.written_by_id == by.answerable_id:
        raise UserError("text_own_version", _("Du har selv skrevet den. Bed en kollega om at læse og godkende den."))
    text = definition_of(version)
    _require_valid(text, version.language, _content(version))
    if version.municipality_id is None:
        newest = _own_versions(by, text, version.language).first()
        version = _copied(by, version, now, newest.version + 1 if newest else 1)
    signed = {"approved_at": now, "approved_by_id": by.answerable_id, "approved_by_name": by.name}
    if not type(version)._default_manager.filter(pk=version.pk, approved_at=None, withdrawn_at=None).update(**signed):
        raise UserError("text_not_draft", _("Udgaven er ikke længere en kladde. Genindlæs siden."))
    _log(by, Action.CHANGE, version, _("Tekst godkendt"), now)
    version.refresh_from_db()
    return version


@transaction.atomic
def withdraw(*, by: Actor, version: AnyText, now: datetime, note: str = "") -> AnyText:
    """Take one of the municipality's own versions out of use: the one approved before it, or the common one, is back.

    A draft is withdrawn by whoever may edit, an approved version by whoever may approve. Raises UserError
    `text_common` for a common version and `text_withdrawn` for one that is withdrawn already.
    """
    by.require(Permission.APPROVE_TEXTS if version.state == TextState.APPROVED else Permission.EDIT_TEXTS)
    _require_visible(by, version)
    if version.municipality_id is None:
        raise UserError("text_common", _("Den fælles tekst kan ikke trækkes tilbage her. Skriv jeres egen udgave."))
    signed = {"withdrawn_at": now, "withdrawn_by_name": by.name, **({"note": note} if note else {})}
    if not type(version)._default_manager.filter(pk=version.pk, withdrawn_at=None).update(**signed):
        raise UserError("text_withdrawn", _("Udgaven er allerede trukket tilbage."))
    _log(by, Action.CHANGE, version, _("Tekst trukket tilbage"), now)
    version.refresh_from_db()
    return version


def restore(*, by: Actor, version: AnyText, now: datetime) -> AnyText:
    """An earlier version as a new draft, to be approved like any other."""
    _require_visible(by, version)
    note = _("Gendannet fra udgave %(version)s") % {"version": version.version}
    return write_draft(
        by=by, text=definition_of(version), language=version.language, content=_content(version), now=now, note=note
    )


def definition_of(version: AnyText) -> TextDefinition:
    """Which text it is a version of."""
    if isinstance(version, CallScript):
        return script_definition(version.programme.code, version.programme.name)
    found = definition(version.kind, version.code)
    if found is None:  # a text no longer used by anything
        raise UserError("text_unknown", _("Teksten bruges ikke mere."))
    return found


def _content(version: AnyText) -> dict[str, Any]:
    return {part: getattr(version, part) for part in version.content}


def _own_versions(by: Actor, text: TextDefinition, language: str) -> Any:
    of_text = {"programme__code": text.code} if text.kind == SCRIPT else {"code": text.code}
    own = MODELS[text.kind]._default_manager.filter(municipality=by.municipality_code, language=language, **of_text)
    return own.order_by("-version")


def _add(
    by: Actor, text: TextDefinition, language: str, content: Mapping[str, Any], now: datetime, note: str, number: int
) -> AnyText:
    if by.municipality_code is None:
        raise UserError("text_no_municipality", _("Kun en kommune kan have egne tekster."))
    of_text = {"programme": Programme.objects.get(code=text.code)} if text.kind == SCRIPT else {"code": text.code}
    version = MODELS[text.kind](
        municipality_id=by.municipality_code,
        language=language,
        version=number,
        written_at=now,
        written_by_id=by.answerable_id,
        written_by_name=by.name,
        note=note,
        **of_text,
        **content,
    )
    try:
        with transaction.atomic():
            version.save(force_insert=True)
    except IntegrityError as problem:
        raise UserError(
            "text_written_meanwhile", _("En kollega gemte en udgave i samme øjeblik. Genindlæs siden, og se den.")
        ) from problem
    _log(by, Action.ADD, version, _("Tekst skrevet"), now)
    return version


def _copied(by: Actor, common: AnyText, now: datetime, number: int) -> AnyText:
    note = _("Fra den fælles kladde, udgave %(version)s") % {"version": common.version}
    version = _add(by, definition_of(common), common.language, _content(common), now, note, number)
    # The words are the program's, not the approver's: no name of a writer in the municipality.
    version.written_by_id, version.written_by_name = None, common.written_by_name
    version.save(update_fields=["written_by_id", "written_by_name"])
    return version


def _require_visible(by: Actor, version: AnyText) -> None:
    if version.municipality_id is not None and version.municipality_id not in by.municipality_codes:
        raise UserError("text_foreign", _("Teksten hører til en anden kommune."))


def _require_valid(text: TextDefinition, language: str, content: Mapping[str, Any], *, draft: bool = False) -> None:
    wrong = faults(text, language, content)
    if draft:  # may still be too long or say too much; whoever approves is told
        wrong = [each for each in wrong if each.code in UNREADABLE]
    if wrong:
        raise UserError("text_not_valid", " ".join(dict.fromkeys(each.message for each in wrong)))


def _log(by: Actor, action: Action, version: AnyText, purpose: str, now: datetime) -> None:
    detail = {"kind": version.kind, "language": version.language, "version": version.version}
    record(by=by, action=action, subject_kind="text", subject_id=version.pk, purpose=purpose, detail=detail, at=now)
