"""The contract's contact commands: their exact JSON, their Danish errors, and that they finish what they start."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command

from campaigns.models import SmsMessage
from outreach.access.models import Organisation, OrganisationKind
from outreach.audit.models import AccessEvent
from registry.models import FollowUp
from tests.factories.campaigns import caller, fresh, unplanned
from tests.factories.contact_pages import citizen, phone, records

pytestmark = pytest.mark.django_db(transaction=True)
NOW = "2021-04-20T11:20"
CPR = "7101394321"
RECORD = ["record_outcome", CPR, "--municipality", "0183", "--by", "sagsbehandler"]


@pytest.fixture(autouse=True)
def ishoej() -> None:
    """The municipality uses the program, and somebody calls for it."""
    Organisation.objects.get_or_create(kind=OrganisationKind.MUNICIPALITY, code=183, defaults={"name": "Ishøj"})
    caller("sagsbehandler")


def _run(*arguments: str) -> Any:
    out = StringIO()
    call_command(*arguments, "--json", stdout=out)
    return json.loads(out.getvalue())


def _refused(*arguments: str) -> dict[str, str]:
    out = StringIO()
    with pytest.raises(SystemExit) as ended:
        call_command(*arguments, "--json", stdout=out)
    assert ended.value.code == 2
    return json.loads(out.getvalue())["error"]


def _citizen_without_mobile() -> None:
    with records():
        owner = citizen("Aase Prøve", cpr=CPR)
        phone(owner, "+4543577575", kind="landline")
        unplanned(owner)


def test_plan_contacts() -> None:
    with records():
        fresh()
    answer = _run("plan_contacts", "--now", NOW)
    assert answer.pop("seconds") >= 0
    assert answer == {"open": 1, "planned": 1, "unchanged": 0, "breaches": 0}
    assert _run("plan_contacts", "--now", NOW)["unchanged"] == 1


def test_the_day_of_a_citizen_from_plan_to_answer() -> None:
    _citizen_without_mobile()
    _run("plan_contacts", "--now", NOW)
    view = _run("follow_up", CPR, "--municipality", "0183", "--now", NOW)
    assert view["status"] == "open"
    assert view["next_step"]["kind"] == "call"
    assert view["next_step"]["at"] == "2021-04-21T10:00:00+02:00"
    assert view["next_step"]["reason"].startswith("Ring ons. 21.04. kl. 10, fordi")
    assert view["not_contacted_because"] == "Næste kontakt er først planlagt til ons. 21.04. kl. 10."
    assert _run("claim_call", "--by", "sagsbehandler", "--now", NOW) is None
    task = _run("claim_call", "--by", "sagsbehandler", "--now", "2021-04-21T10:00")
    assert (task["name"], task["cpr"], task["programmes"]) == ("Aase Prøve", "710139-••••", ["covid-19"])
    answer = _run(
        "record_outcome", CPR, "--municipality", "0183", "--outcome", "declined", "--reason", "distrust",
        "--by", "sagsbehandler", "--now", "2021-04-21T10:05",
    )  # fmt: skip
    assert (answer["status"], answer["outcome"], answer["next_step"]) == ("closed", "declined", None)
    assert answer["not_contacted_because"] == "Borgeren har sagt nej og kan spørges igen fra 21.10.2021."
    with records():
        assert AccessEvent.objects.filter(purpose="Opslag fra kommandolinjen").count() == 1
        assert FollowUp.objects.get().barrier == "distrust"


def test_send_due_messages() -> None:
    with records():
        fresh()
    _run("plan_contacts", "--now", NOW)
    assert _run("send_due_messages", "--now", NOW, "--limit", "10") == {"sent": 1}
    assert _run("send_due_messages", "--now", NOW) == {}
    with records():
        assert SmsMessage.objects.get().status == "sent"


def test_a_citizen_on_no_list_is_said_to_be_so() -> None:
    with records():
        citizen("Aase Prøve", cpr=CPR)
    view = _run("follow_up", CPR, "--municipality", "183")
    assert (view["status"], view["not_contacted_because"]) == (None, "Borgeren står ikke på nogen liste.")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["follow_up", "7101390000", "--municipality", "0183"], "unknown_citizen"),
        (["follow_up", CPR, "--municipality", "9999"], "unknown_municipality"),
        (["follow_up", CPR, "--municipality", "0183", "--programme", "mumps"], "unknown_programme"),
        (["follow_up", CPR, "--municipality", "0183", "--now", "i går"], "bad_time"),
        (["claim_call", "--by", "ingen"], "unknown_user"),
        ([*RECORD, "--outcome", "x"], "unknown_outcome"),
        ([*RECORD, "--outcome", "call_back"], "call_back_time"),
    ],
)  # fmt: skip
def test_what_the_user_can_mend(arguments: list[str], code: str) -> None:
    _citizen_without_mobile()
    error = _refused(*arguments)
    assert error["code"] == code
    assert error["message"].endswith(".")
    assert "710139" not in error["message"]
