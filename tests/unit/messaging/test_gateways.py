import logging
from uuid import uuid4

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.db import connection

from outreach.messaging.gateways import GatewayRefused, NumberFate, get_gateway
from outreach.messaging.gateways.console import ConsoleGateway
from outreach.messaging.models import OutboxMessage
from outreach.privacy.sealing import blind_index

NUMBER, TEXT = "+4520123456", "Ring til os på 70 20 10 20. Æøå €"


def test_get_gateway_by_name_setting_and_default(settings) -> None:
    assert isinstance(get_gateway("console"), ConsoleGateway)
    settings.SMS_GATEWAY = "console"
    assert get_gateway().name == "console"
    del settings.SMS_GATEWAY
    assert get_gateway().name == "console"


def test_get_gateway_unknown(settings) -> None:
    settings.SMS_GATEWAY = "brevdue"
    with pytest.raises(ImproperlyConfigured, match="brevdue"):
        get_gateway()


def test_gateway_refused_tells_what_to_do() -> None:
    refused = GatewayRefused("21211", "Nummeret findes ikke", NumberFate.WRONG)
    assert (refused.code, refused.danish, refused.fate) == ("21211", "Nummeret findes ikke", "wrong")
    assert "Nummeret" not in str(refused)


@pytest.mark.django_db
def test_console_stores_sealed() -> None:
    reference = uuid4()
    accepted = get_gateway("console").send(reference=reference, to=NUMBER, body=TEXT, sender="Kommunen")
    message = OutboxMessage.objects.get()
    assert (str(message.id), message.reference) == (accepted.gateway_id, reference)
    assert (message.number, message.body, message.sender) == (NUMBER, TEXT, "Kommunen")
    assert bytes(message.number_index) == blind_index("phone", NUMBER)
    with connection.cursor() as cursor:
        cursor.execute("SELECT messaging_outboxmessage::text FROM messaging_outboxmessage")
        row = cursor.fetchone()[0]
    assert "20123456" not in row
    assert TEXT.encode().hex() not in row


@pytest.mark.django_db
def test_console_takes_a_reference_once() -> None:
    reference = uuid4()
    first = ConsoleGateway().send(reference=reference, to=NUMBER, body=TEXT, sender="Kommunen")
    again = ConsoleGateway().send(reference=reference, to=NUMBER, body="andet", sender="Kommunen")
    assert first == again
    assert OutboxMessage.objects.get().body == TEXT


@pytest.mark.django_db
def test_console_logs_one_line_without_number_or_text(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.INFO, "outreach.messaging"):
        ConsoleGateway().send(reference=uuid4(), to=NUMBER, body=TEXT, sender="Kommunen")
    lines = [record.getMessage() for record in caplog.records if record.name.startswith("outreach.messaging")]
    assert len(lines) == 1
    assert "201234" not in lines[0].replace(" ", "")
    assert "Ring" not in lines[0]
