"""The demo's inbox has something of each kind to show."""

import pytest

from campaigns.models import ContactPoint, Conversation, InboundMessage, OptOut
from campaigns.services.messages import dispatch_due
from campaigns.services.planning import plan
from outreach.access.models import Organisation, OrganisationKind
from outreach.demo.replies import REPLIES, write_back
from tests.factories.campaigns import NOW, fresh
from tests.factories.contact_pages import records
from tests.factories.geography import ISHOEJ

pytestmark = pytest.mark.django_db(transaction=True)


def test_those_who_were_sent_a_message_answer_it() -> None:
    Organisation.objects.create(kind=OrganisationKind.MUNICIPALITY, code=ISHOEJ, name="Ishøj Kommune")
    ContactPoint.objects.create(municipality_id=ISHOEJ, phone="43 57 75 75")
    assert write_back(ISHOEJ, NOW) == 0  # nobody was sent anything
    with records() as by:
        for number in range(len(REPLIES) + 3):
            fresh(f"Bo {number} Prøve")
        plan(by=by, now=NOW)
    assert dispatch_due(now=NOW) == {"sent": len(REPLIES) + 3}
    assert write_back(ISHOEJ, NOW) == len(REPLIES) + 1
    with records():
        kinds = set(InboundMessage.objects.values_list("kind", flat=True))
        # Read off the texts by hand.
        assert kinds == {"yes", "ring", "stop", "text", "no", "wrong_number", "maybe_ring"}
        assert Conversation.objects.filter(citizen=None).count() == 1
        assert Conversation.objects.filter(state="done").count() == 1  # whoever wrote RING is in the call queue
        assert OptOut.objects.count() == 1
