"""`api_key make|list|revoke …`: keys with which other systems hand lists in (L1). A new key is printed once."""

from __future__ import annotations

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from outreach.command import OutreachCommand
from outreach.errors import UserError

from ...actor import Actor
from ...api_keys import MARK, create_key, keys_of, revoke_key
from ...models import ApiKey
from ...presenters import key_line

USUAL_DAYS = 90


class Command(OutreachCommand):
    """Answers the keys; of a new one also the secret, which is kept nowhere."""

    help = "Opret, vis eller spær nøgler, som andre systemer afleverer lister med."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument(
            "what", choices=["make", "list", "revoke"], help="make: opret, list: vis alle, revoke: spær en"
        )
        parser.add_argument(
            "name", nargs="?", default="", help="make: systemets navn; revoke: nøglens begyndelse, fx opsoeg_1a2b3c4d"
        )
        parser.add_argument("--by", required=True, metavar="BRUGER", help="listeadministratoren, der gør det")
        parser.add_argument(
            "--municipality", type=int, metavar="KODE", help="kommunen, fx 0183; ellers brugerens første rolle"
        )
        parser.add_argument(
            "--days", type=int, default=USUAL_DAYS, metavar="N", help="make: dage, nøglen gælder (1-365; ellers 90)"
        )
        self.add_now(parser)

    def answer(self, options: dict[str, Any]) -> dict[str, Any]:
        now = self.moment(options)
        with self.acting(options["by"], options["municipality"]) as by:
            if options["what"] == "make":
                new = create_key(by=by, label=options["name"], days=options["days"], now=now)
                return {"key": new.secret, **_facts(new.row, now)}
            if options["what"] == "revoke":
                return _facts(revoke_key(by=by, key_id=_id_of(by, options["name"]), now=now), now)
            return {"keys": [_facts(row, now) for row in keys_of(by)]}

    def lines(self, answer: dict[str, Any]) -> list[str]:
        if "keys" in answer:
            return [_line(key) for key in answer["keys"]] or [_("Der er ingen nøgler.")]
        if "key" in answer:
            return [_line(answer), _("Nøglen vises kun denne ene gang. Gem den nu:"), answer["key"]]
        return [_line(answer)]


def _id_of(by: Actor, name: str) -> str:
    """The key whose text begins so. Raises UserError `unknown_key`."""
    row = keys_of(by).filter(prefix=name.removeprefix(f"{MARK}_")).first()
    if row is None:
        raise UserError(
            "unknown_key",
            _("Ingen nøgle begynder med »%(name)s«. Se dem med: api_key list --by BRUGER") % {"name": name[:40]},
        )
    return str(row.pk)


def _facts(row: ApiKey, now: Any) -> dict[str, Any]:
    return {
        "prefix": f"{MARK}_{row.prefix}",
        "system": row.label,
        "state": key_line(row, now).state,
        "created_by": row.created_by_name,
        "expires_at": row.expires_at,
        "last_used_at": row.last_used_at,
    }


def _line(key: dict[str, Any]) -> str:
    return f"{key['prefix']}  {key['system']}  {key['state']}  {key['expires_at']:%d.%m.%Y}"
