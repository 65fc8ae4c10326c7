import pytest
from django import forms
from django.core.exceptions import FieldError
from django.db import connection, models
from django.db.migrations.writer import MigrationWriter
from hypothesis import given
from hypothesis import strategies as st

from outreach.messaging.models import OutboxMessage
from outreach.privacy.fields import EncryptedTextField, decrypt_text, encrypt_text
from outreach.privacy.sealing import CannotOpen, seal

TEXT = "Datteren hjælper. Ring efter kl. 17 — \u200fمرحبا"


def outbox_message(body: str = TEXT) -> OutboxMessage:
    number = seal("phone", "+4520123456")
    return OutboxMessage.objects.create(
        reference="5f0c1c3e-1111-4222-8333-944455556666",
        number_sealed=number.ciphertext,
        number_index=number.index,
        body=body,
        sender="Kommunen",
    )


@given(st.text(), st.sampled_from(["note", "sms_body"]))
def test_decrypt_gives_back_the_text(text: str, kind: str) -> None:
    stored = encrypt_text(kind, text)
    assert decrypt_text(kind, stored) == decrypt_text(kind, memoryview(stored)) == text


def test_encrypt_is_different_each_time_and_tells_nothing() -> None:
    one, other = encrypt_text("note", TEXT), encrypt_text("note", TEXT)
    assert one != other
    assert TEXT.encode()[:8] not in one


def test_decrypt_refuses_another_kind_and_damage() -> None:
    stored = encrypt_text("note", TEXT)
    for kind, damaged in [
        ("sms_body", stored),
        ("note", stored[:-1]),
        ("note", b"\xff" + stored[1:]),
        ("note", stored[:5]),
        ("note", stored[:-1] + bytes([stored[-1] ^ 1])),
    ]:
        with pytest.raises(CannotOpen):
            decrypt_text(kind, damaged)


def test_decrypt_does_not_open_a_sealed_number() -> None:
    with pytest.raises(CannotOpen):
        decrypt_text("phone", seal("phone", "+4520123456").ciphertext)


@pytest.mark.django_db
def test_field_stores_bytes_and_reads_text() -> None:
    message = outbox_message()
    message.refresh_from_db()
    assert message.body == TEXT
    assert OutboxMessage.objects.values_list("body", flat=True).get() == TEXT
    with connection.cursor() as cursor:
        cursor.execute("SELECT body, pg_typeof(body)::text FROM messaging_outboxmessage")
        stored, column_type = cursor.fetchone()
    assert column_type == "bytea"
    assert decrypt_text("outbox_body", stored) == TEXT
    assert b"Datteren" not in bytes(stored)


@pytest.mark.django_db
def test_field_in_bulk_and_update() -> None:
    message = outbox_message()
    OutboxMessage.objects.update(body="nyt")
    assert OutboxMessage.objects.get().body == "nyt"
    message.body = "igen"
    OutboxMessage.objects.bulk_update([message], ["body"])
    assert OutboxMessage.objects.get().body == "igen"


@pytest.mark.django_db
def test_field_keeps_empty_text() -> None:
    outbox_message(body="")
    assert OutboxMessage.objects.get().body == ""


@pytest.mark.django_db
def test_field_answers_isnull_only() -> None:
    outbox_message()
    assert OutboxMessage.objects.filter(body__isnull=False).count() == 1
    for lookup in [
        "body",
        "body__exact",
        "body__contains",
        "body__in",
        "body__gt",
        "body__startswith",
    ]:
        with pytest.raises(FieldError, match="encrypted"):
            OutboxMessage.objects.filter(**{lookup: "x"})
    with pytest.raises(FieldError, match="encrypted"):
        OutboxMessage.objects.filter(body__upper__exact="X")


def test_field_deconstructs_for_migrations() -> None:
    field = EncryptedTextField(kind="note", blank=True, null=True)
    text, imports = MigrationWriter.serialize(field)
    assert text == "outreach.privacy.fields.EncryptedTextField(blank=True, kind='note', null=True)"
    assert imports == {"import outreach.privacy.fields"}
    _, _, args, kwargs = field.deconstruct()
    assert EncryptedTextField(*args, **kwargs).kind == "note"


def test_field_null_stays_null() -> None:
    field = EncryptedTextField(kind="note", null=True)
    assert field.get_db_prep_value(None, connection) is None
    assert field.from_db_value(None, None, connection) is None


def test_field_needs_a_kind() -> None:
    with pytest.raises(ValueError, match="kind"):
        EncryptedTextField(kind="")


def test_field_leaves_expressions_alone() -> None:
    expression = models.F("sender")
    assert EncryptedTextField(kind="note").get_db_prep_value(expression, connection) is expression


def test_field_in_a_form_is_a_text_area() -> None:
    field = EncryptedTextField(kind="note", blank=True).formfield()
    assert isinstance(field, forms.CharField)
    assert isinstance(field.widget, forms.Textarea)
    assert not field.required
