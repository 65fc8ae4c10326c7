"""Lists handed in by another system: only with a key, only for its municipality, and each refusal in one shape."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from outreach.access.actor import system_actor
from outreach.access.api import KeyThrottle, StrangerThrottle
from outreach.access.api_keys import actor_of, create_key, keys_of, recognise
from outreach.access.data_context import data_context
from outreach.access.models import ApiKey, Membership, User
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.clock.services import set_demo_clock
from registry.imports.lists import advance
from registry.models import ListChannel, NonresponderList
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.list_pages import AASE, HEADER, NOW, ROWS
from tests.factories.registry import csv_file, row

pytestmark = pytest.mark.django_db
STATED = {"programme": "covid-19", "as_of": "2021-04-20", "waiting_days": "22", "groups": "1-7", "sender": "Region H"}


@pytest.fixture(autouse=True)
def clock() -> None:
    set_demo_clock(NOW)
    cache.clear()


def make_key(code: int = ISHOEJ, days: int = 90, at: datetime = NOW) -> str:
    with data_context(actor_with_role(Role.LIST_ADMIN, code, username=f"admin-{code}")) as by:
        return create_key(by=by, label="Dataplatform", days=days, now=at).secret


@pytest.fixture
def key() -> str:
    return make_key()


def the_file(content: bytes | None = None) -> SimpleUploadedFile:
    return SimpleUploadedFile("uge16.csv", "\r\n".join([HEADER, *ROWS]).encode() if content is None else content)


def hand_in(key: str, client: Client | None = None, **changes: Any) -> HttpResponse:
    fields = {name: value for name, value in ({"file": the_file()} | STATED | changes).items() if value is not None}
    return (client or Client()).post("/api/lister/", fields, HTTP_AUTHORIZATION=f"Bearer {key}")  # type: ignore[return-value]


def look(key: str, list_id: int) -> HttpResponse:
    return Client().get(f"/api/lister/{list_id}/", HTTP_AUTHORIZATION=f"Bearer {key}")  # type: ignore[return-value]


def error_of(answer: HttpResponse) -> tuple[int, str]:
    body = json.loads(answer.content)
    assert body["error"]["message"].endswith(".")
    return answer.status_code, body["error"]["code"]


def events(**criteria: Any) -> list[AccessEvent]:
    with data_context(system_actor("test", [ISHOEJ, HOEJE_TAASTRUP])):
        return list(AccessEvent.objects.filter(**criteria).order_by("recorded_at"))


def test_list_is_handed_in_read_and_its_receipt_fetched(key: str) -> None:
    answer = hand_in(key)
    assert answer.status_code == 201, answer.content
    found = NonresponderList.objects.get()
    assert answer.headers["Location"] == f"/api/lister/{found.pk}/"
    assert (found.municipality_id, found.channel, found.sender) == (ISHOEJ, ListChannel.API, "Region H")
    assert found.groups_stated == ["1", "2", "3", "4", "5", "6", "7"]
    assert found.uploaded_by_name == "Dataplatform (API)"

    advance(found.pk, now=NOW)
    receipt = look(key, found.pk)
    assert receipt.headers["Cache-Control"] == "no-store"
    body = json.loads(receipt.content)
    assert body.keys() == {"list_id", "state", "rows", "counts", "gates", "errors"}
    assert (body["list_id"], body["state"], body["rows"], body["counts"]["new"]) == (found.pk, "reviewed", 3, 3)
    assert AASE not in receipt.content.decode()
    assert "Mikkelsen" not in receipt.content.decode()


def test_every_use_is_logged_as_the_system_and_not_as_a_person(key: str) -> None:
    hand_in(key)
    found = NonresponderList.objects.get()
    look(key, found.pk)
    look(key, found.pk + 1)
    hand_in(key)
    account = ApiKey.objects.get().membership.user_id
    logged = [(event.action, event.subject_kind) for event in events(user_id=account)]
    assert logged == [
        (Action.ADD, "nonresponderlist"),
        (Action.LOOK, "nonresponderlist"),
        (Action.DENIED, "page"),
        (Action.DENIED, "page"),
    ]
    assert ApiKey.objects.get().last_used_at == NOW or ApiKey.objects.get().last_used_at > NOW  # type: ignore[operator]


def test_same_bytes_again_answer_409_with_the_earlier_list(key: str) -> None:
    first = json.loads(hand_in(key).content)["list_id"]
    again = hand_in(key)
    assert error_of(again) == (409, "same_file_in_progress")
    assert json.loads(again.content)["error"]["list_id"] == first
    assert NonresponderList.objects.count() == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"file": None}, 422, "file"),
        ({"programme": None}, 422, "missing_field"),
        ({"as_of": ""}, 422, "missing_field"),
        ({"programme": "gulfeber"}, 422, "unknown_programme"),
        ({"as_of": "20.04.2021"}, 422, "bad_date"),
        ({"as_of": "2021-04-22"}, 422, "as_of_future"),
        ({"waiting_days": "-1"}, 422, "waiting_days"),
        ({"waiting_days": "9" * 5000}, 422, "waiting_days"),
        ({"groups": "77"}, 422, "unknown_group"),
        ({"order": "SST-\0-9"}, 422, "unknown_order"),
        ({"sender": "x" * 61}, 422, "sender_long"),
    ],
)
def test_what_cannot_be_used_is_said_and_nothing_is_kept(
    key: str, changes: dict[str, Any], status: int, code: str, settings: LazySettings
) -> None:
    assert error_of(hand_in(key, **changes)) == (status, code)
    assert not NonresponderList.objects.exists()
    kept = settings.UPLOAD_ROOT / "lists"
    assert not kept.exists() or not list(kept.iterdir())


def test_too_large_a_body_is_refused_before_it_is_read(key: str, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    big = csv_file([row(serial) for serial in range(2000)]).getvalue()
    assert len(big) > 1000 + 64 * 1024
    assert error_of(hand_in(key, file=the_file(big))) == (413, "file_too_big")
    assert error_of(hand_in(key, file=the_file(big[:5000]))) == (413, "file_too_big")


def test_another_municipalitys_list_does_not_exist(key: str) -> None:
    list_id = json.loads(hand_in(key).content)["list_id"]
    assert error_of(look(make_key(HOEJE_TAASTRUP), list_id)) == (404, "not_found")


@pytest.mark.parametrize("header", ["", "Bearer", "Bearer nonsense", "Basic b3BzOm9wcw==", "Bearer opsoeg_00000000_x"])
def test_without_a_key_nothing_answers_also_with_a_log_in(header: str) -> None:
    client = client_with_role(Role.LIST_ADMIN)
    extra = {"HTTP_AUTHORIZATION": header} if header else {}
    for answer in (
        client.post("/api/lister/", {"file": the_file()} | STATED, **extra),  # type: ignore[arg-type]
        client.get("/api/lister/1/", **extra),  # type: ignore[arg-type]
    ):
        assert error_of(answer) == (401, "key")  # type: ignore[arg-type]
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert not NonresponderList.objects.exists()


def test_key_with_one_letter_changed_does_not_hold(key: str) -> None:
    assert error_of(look(key[:-1] + ("A" if key[-1] != "A" else "B"), 1)) == (401, "key")


def test_key_holds_to_its_last_moment() -> None:
    make_key(days=30)
    row = ApiKey.objects.select_related("membership__user", "membership__organisation").get()
    assert actor_of(row, NOW + timedelta(days=30) - timedelta(seconds=1)) is not None
    assert actor_of(row, NOW + timedelta(days=30)) is None


def test_expired_key_does_not_hold() -> None:
    key = make_key(days=30)
    set_demo_clock(NOW + timedelta(days=31))
    assert error_of(look(key, 1)) == (401, "key")


def test_revoked_key_ends_at_once_and_the_attempt_is_logged() -> None:
    client = client_with_role(Role.LIST_ADMIN)
    page = client.post("/adgang/api-noegler/", {"label": "Dataplatform", "days": "30"}).content.decode()
    row = ApiKey.objects.get()
    start = page.index(f"opsoeg_{row.prefix}_")
    secret = page[start : page.index("<", start)]
    assert recognise(secret) == row
    assert look(secret, 1).status_code == 404

    shown = client.get("/adgang/api-noegler/").content.decode()
    assert secret not in shown
    assert "Dataplatform" in shown
    assert "Gælder" in shown
    client.post("/adgang/api-noegler/spaer/", {"key": row.pk})
    assert error_of(look(secret, 1)) == (401, "key")
    row.refresh_from_db()
    assert (row.revoked_by_name, row.membership.user.is_active) == ("Mette Holm", False)
    assert [event.user_id for event in events(action=Action.LOG_IN_FAILED)] == [row.membership.user_id]
    assert "Spærret" in client.get("/adgang/api-noegler/").content.decode()


def test_the_secret_is_nowhere_in_the_database(key: str) -> None:
    row = ApiKey.objects.get()
    assert key not in " ".join(str(value) for value in ApiKey.objects.values_list().get())
    assert key.split("_", 2)[2] not in row.key_hash


def test_account_behind_a_key_cannot_log_in(key: str) -> None:
    account = User.objects.get(username__startswith="api-")
    assert not account.has_usable_password()


def test_keys_of_another_municipality_are_neither_seen_nor_ended(key: str) -> None:
    client = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert "Dataplatform" not in client.get("/adgang/api-noegler/").content.decode()
    client.post("/adgang/api-noegler/spaer/", {"key": ApiKey.objects.get().pk})
    assert ApiKey.objects.get().revoked_at is None
    with data_context(actor_with_role(Role.CASEWORKER)) as by:
        assert not keys_of(by).exists()


def test_key_whose_membership_has_ended_does_not_hold(key: str) -> None:
    Membership.objects.filter(api_keys__isnull=False).update(ended_at=NOW)
    assert error_of(look(key, 1)) == (401, "key")


def test_keys_are_slowed_down_one_by_one(key: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(KeyThrottle, "THROTTLE_RATES", {"api-read": "2/min", "api-write": "1/min"})
    other = make_key(HOEJE_TAASTRUP)
    assert [look(key, 1).status_code for _ in range(3)] == [404, 404, 429]
    assert look(other, 1).status_code == 404
    assert hand_in(key).status_code == 201
    slowed = hand_in(key)
    assert error_of(slowed) == (429, "throttled")
    assert int(slowed.headers["Retry-After"]) > 0


def test_guessing_keys_is_slowed_down_and_logged_no_further(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(StrangerThrottle, "THROTTLE_RATES", {"api-stranger": "2/min"})
    assert [look("opsoeg_00000000_x", 1).status_code for _ in range(3)] == [401, 401, 429]


def test_a_form_of_another_kind_and_another_method_are_said_so(key: str) -> None:
    headers = {"HTTP_AUTHORIZATION": f"Bearer {key}"}
    posted = Client().post("/api/lister/", "{}", content_type="application/json", **headers)  # type: ignore[arg-type]
    assert error_of(posted) == (415, "media_type")  # type: ignore[arg-type]
    broken = Client().post("/api/lister/", b"x", content_type="multipart/form-data; boundary=y", **headers)  # type: ignore[arg-type]
    assert broken.status_code in (400, 422)
    assert error_of(Client().delete("/api/lister/", **headers)) == (405, "method")  # type: ignore[arg-type]
