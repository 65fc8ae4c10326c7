"""Hand-over against a gateway that takes 100 ms: messages a second in one process, and that none goes twice.

`twilio` as the second word: through the official SDK to the double in its own process, over real sockets.
"""

import sys
import tempfile
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from contact_data import fill
from django.test import override_settings

from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.data_context import job_context
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.gateways import Accepted, Gateway, open_gateway
from outreach.privacy.sealing import seal_many
from registry.models import Phone
from tests.fakes.twilio_double import running_double, twilio_settings

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 3000
# The follow-ups were opened the evening before.
NOW = datetime(2021, 4, 21, 8, 0, tzinfo=UTC)


class SlowGateway:
    """Takes its time and counts."""

    name = "slow"

    def __init__(self) -> None:
        self.sent: Counter[UUID] = Counter()
        self._lock = threading.Lock()

    def send(self, *, reference: UUID, to: str, body: str, sender: str, valid_seconds: int | None = None) -> Accepted:
        time.sleep(0.1)
        with self._lock:
            self.sent[reference] += 1
        return Accepted(str(reference))


fill(NUMBER)
Organisation.objects.get_or_create(kind=OrganisationKind.MUNICIPALITY, code=183, defaults={"name": "Ishøj"})
with job_context("planner", [183]) as by:
    phones = list(Phone.objects.order_by("id"))
    ciphertexts, indexes = seal_many("phone", [f"+4520{100_000 + number:06d}" for number in range(len(phones))])
    for phone, ciphertext, index in zip(phones, ciphertexts, indexes, strict=True):
        phone.number_ciphertext, phone.number_index = ciphertext, index
    Phone.objects.bulk_update(phones, ["number_ciphertext", "number_index"], batch_size=1000)
    started = time.monotonic()
    queued = plan(by=by, now=NOW).queued_messages
    print(f"planned and queued {queued} messages in {time.monotonic() - started:.1f} s")


def through(gateway: Gateway) -> tuple[dict[str, int], float]:
    """One pass; what came of it, and the seconds it took."""
    began = time.monotonic()
    return dispatch_due(now=NOW, gateway=gateway), time.monotonic() - began


if sys.argv[2:] == ["twilio"]:
    with tempfile.TemporaryDirectory() as folder, running_double(Path(folder)) as double:
        double.behave(latency=0.1)
        with override_settings(**twilio_settings(double)), open_gateway() as twilio:
            counts, seconds = through(twilio)
        times = double.times_by_reference()
else:
    slow = SlowGateway()
    counts, seconds = through(slow)
    times = Counter({str(reference): number for reference, number in slow.sent.items()})
rate, most = len(times) / seconds, max(times.values())
print(f"{counts} in {seconds:.1f} s: {rate:.0f}/s, most often one {most} time")
