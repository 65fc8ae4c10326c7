"""Hand-over against a gateway that takes 100 ms: messages a second in one process, and that none goes twice."""

import sys
import threading
import time
from collections import Counter
from datetime import UTC, datetime
from uuid import UUID

from contact_data import fill

from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.data_context import job_context
from outreach.access.models import Organisation, OrganisationKind
from outreach.messaging.gateways import Accepted
from outreach.privacy.sealing import seal_many
from registry.models import Phone

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
gateway = SlowGateway()
started = time.monotonic()
counts = dispatch_due(now=NOW, gateway=gateway)
seconds = time.monotonic() - started
rate, most = len(gateway.sent) / seconds, max(gateway.sent.values())
print(f"{counts} in {seconds:.1f} s: {rate:.0f}/s, most often one {most} time")
