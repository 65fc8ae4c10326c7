"""Which municipality a reply is for, before any citizen may be read: from numbers alone (reliability: webhooks)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from outreach.access.selectors import served_municipality_codes
from outreach.messaging.models import GatewayEvent, NumberRoute
from outreach.messaging.numbers import normalise

from ...models import ContactPoint


def municipality_of(
    own_number: str, lately: Sequence[int], senders: Mapping[str, Collection[int]], served: Sequence[int]
) -> int | None:
    """The municipality whose own number was written to; of several, or of none, the one that wrote last to the sender.

    `lately` has those that wrote to the sender, the last first; `senders` each number's municipalities. Where one
    municipality alone uses the installation, all is for it. None when nobody can be said.
    """
    owners = senders.get(own_number, ())
    if len(owners) == 1:
        return next(iter(owners))
    wrote = [code for code in lately if not owners or code in owners]
    if wrote:
        return wrote[0]
    return served[0] if len(served) == 1 else None


def municipalities_of_replies(events: Sequence[GatewayEvent]) -> dict[int, int]:
    """Event → municipality, for the replies that have one. Three queries, however many events."""
    if not events:
        return {}
    senders: dict[str, set[int]] = defaultdict(set)
    for code, sender in ContactPoint.objects.exclude(sms_sender="").values_list("municipality_id", "sms_sender"):
        if number := normalise(sender):
            senders[number].add(code)
    lately: dict[bytes, list[int]] = defaultdict(list)
    indexes = [bytes(event.number_index) for event in events if event.number_index is not None]
    routes = NumberRoute.objects.filter(number_index__in=indexes).order_by("-last_message_at", "municipality_code")
    for index, code in routes.values_list("number_index", "municipality_code"):
        lately[bytes(index)].append(code)
    served = served_municipality_codes()
    found = {}
    for event in events:
        wrote = lately.get(bytes(event.number_index or b""), [])
        own_number = normalise(event.own_number) or event.own_number
        if (municipality := municipality_of(own_number, wrote, senders, served)) is not None:
            found[event.pk] = municipality
    return found
