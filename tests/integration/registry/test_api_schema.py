"""The document of the programming interface says what the addresses really take and answer, and is for few (D8)."""

import json
from typing import Any

import pytest
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import get_resolver
from drf_spectacular.validation import validate_schema

from outreach.access.api_keys import create_key
from outreach.access.data_context import data_context
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent, Action
from outreach.clock.services import set_demo_clock
from registry.imports.lists import advance
from registry.models import NonresponderList
from tests.factories.cast import actor_with_role, client_with_role
from tests.factories.list_pages import HEADER, NOW, ROWS

pytestmark = pytest.mark.django_db
ADDRESS = "/api/schema/"
STATED = {"programme": "covid-19", "as_of": "2021-04-20", "waiting_days": "22"}
HAND_IN, RECEIPT = "/api/lister/", "/api/lister/{list_id}/"


@pytest.fixture(autouse=True)
def clock() -> None:
    set_demo_clock(NOW)
    cache.clear()


@pytest.fixture
def key() -> str:
    with data_context(actor_with_role(Role.LIST_ADMIN, username="admin")) as by:
        return create_key(by=by, label="Dataplatform", days=90, now=NOW).secret


def call(key: str, address: str = ADDRESS, **query: str) -> HttpResponse:
    return Client().get(address, query, HTTP_AUTHORIZATION=f"Bearer {key}")  # type: ignore[return-value]


def document() -> dict[str, Any]:
    return json.loads(client_with_role(Role.LIST_ADMIN).get(ADDRESS).content)


def hand_in(key: str, *rows: str) -> HttpResponse:
    file = SimpleUploadedFile("uge16.csv", "\r\n".join([HEADER, *ROWS, *rows]).encode())
    return Client().post(HAND_IN, {"file": file} | STATED, HTTP_AUTHORIZATION=f"Bearer {key}")  # type: ignore[return-value]


def answer_schema(found: dict[str, Any], address: str, method: str, status: int) -> dict[str, Any]:
    return found["paths"][address][method]["responses"][str(status)]["content"]["application/json"]["schema"]


def assert_fits(found: dict[str, Any], schema: dict[str, Any], value: Any) -> None:
    """The value has the fields that the document names, no others, and of their kinds."""
    if "$ref" in schema:
        schema = found["components"]["schemas"][schema["$ref"].rsplit("/", 1)[1]]
    if "allOf" in schema:
        return assert_fits(found, schema["allOf"][0], value)
    if schema.get("nullable") and value is None:
        return None
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    assert isinstance(value, kinds[schema.get("type", "string")]), (schema, value)
    assert value in schema.get("enum", [value])
    if isinstance(value, dict):
        assert value.keys() == schema["properties"].keys() == set(schema["required"])
        for name, inner in value.items():
            assert_fits(found, schema["properties"][name], inner)
    if isinstance(value, list):
        for inner in value:
            assert_fits(found, schema["items"], inner)
    return None


def test_the_document_is_valid_and_names_every_address_for_keys() -> None:
    found = document()
    validate_schema(found)
    api = {
        name for name in get_resolver("registry.urls").reverse_dict if isinstance(name, str) and name.startswith("api_")
    }
    assert api == {"api_lists", "api_list"}
    assert {(path, method) for path, each in found["paths"].items() for method in each} == {
        (HAND_IN, "post"),
        (RECEIPT, "get"),
    }


def test_every_address_says_that_it_takes_a_key_in_the_header_and_nothing_else() -> None:
    found = document()
    assert found["components"]["securitySchemes"].keys() == {"apiKey"}
    scheme = found["components"]["securitySchemes"]["apiKey"]
    assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
    operations = [operation for each in found["paths"].values() for operation in each.values()]
    assert [operation["security"] for operation in operations] == [[{"apiKey": []}], [{"apiKey": []}]]


def test_what_is_handed_in_is_named_field_by_field() -> None:
    found = document()
    content = found["paths"][HAND_IN]["post"]["requestBody"]["content"]
    assert content.keys() == {"multipart/form-data"}
    statement = found["components"]["schemas"]["ListStatementRequest"]
    assert statement["properties"].keys() == {
        "file", "programme", "as_of", "waiting_days", "groups", "order", "sender",
    }  # fmt: skip
    assert set(statement["required"]) == {"file", "programme", "as_of", "waiting_days"}
    assert statement["properties"]["file"]["format"] == "binary"
    assert all(field["description"] for field in statement["properties"].values())


def test_every_answer_code_is_named() -> None:
    paths = document()["paths"]
    assert paths[HAND_IN]["post"]["responses"].keys() == {
        "201", "400", "401", "403", "405", "409", "413", "415", "422", "429",
    }  # fmt: skip
    assert paths[RECEIPT]["get"]["responses"].keys() == {"200", "401", "403", "404", "405", "429"}
    answers = paths[HAND_IN]["post"]["responses"]
    assert answers["201"]["headers"].keys() == {"Location"}
    assert answers["429"]["headers"].keys() == {"Retry-After"}


def test_real_answers_have_the_shape_that_the_document_gives_them(key: str) -> None:
    found = document()
    received = hand_in(key, "7004100000;Uden Dato;7;;0183")
    assert received.status_code == 201, received.content
    body = json.loads(received.content)
    assert_fits(found, answer_schema(found, HAND_IN, "post", 201), body)
    advance(body["list_id"], now=NOW)
    read = json.loads(call(key, f"/api/lister/{body['list_id']}/").content)
    assert read["errors"]
    assert_fits(found, answer_schema(found, RECEIPT, "get", 200), read)

    again = hand_in(key, "7004100000;Uden Dato;7;;0183")
    assert again.status_code == 409
    assert_fits(found, answer_schema(found, HAND_IN, "post", 409), json.loads(again.content))
    for address, status in ((f"/api/lister/{body['list_id'] + 1}/", 404), (ADDRESS.replace("schema", "lister"), 405)):
        refused = call(key, address)
        assert refused.status_code == status
        path, method = (RECEIPT, "get") if status == 404 else (HAND_IN, "post")
        assert_fits(found, answer_schema(found, path, method, status), json.loads(refused.content))
    stranger = call("opsoeg_00000000_x", f"/api/lister/{body['list_id']}/")
    assert_fits(found, answer_schema(found, RECEIPT, "get", 401), json.loads(stranger.content))


def test_a_key_reads_the_document_also_as_yaml(key: str) -> None:
    assert json.loads(call(key).content) == document()
    assert call(key, format="yaml").content.decode().startswith("openapi: 3.")
    assert NonresponderList.objects.count() == 0


def test_a_wrong_key_is_refused_and_a_stranger_sent_to_the_log_in() -> None:
    refused = call("opsoeg_00000000_x")
    assert refused.status_code == 401
    assert json.loads(refused.content)["error"]["code"] == "key"
    stranger = Client().get(ADDRESS)
    assert (stranger.status_code, stranger.headers["Location"]) == (302, f"/log-ind/?next={ADDRESS}")


@pytest.mark.parametrize("role", [Role.CASEWORKER, Role.TEAM_LEAD, Role.AUDITOR])
def test_those_who_hand_no_lists_in_are_refused_and_it_is_logged(role: Role) -> None:
    assert client_with_role(role).get(ADDRESS).status_code == 403
    with data_context(actor_with_role(Role.AUDITOR, username="kontrol")):
        assert AccessEvent.objects.filter(action=Action.DENIED).count() == 1


def test_a_log_in_opens_the_document_and_no_other_address() -> None:
    client = client_with_role(Role.LIST_ADMIN)
    assert client.get(ADDRESS).status_code == 200
    assert client.post(ADDRESS).status_code == 405
    assert client.get("/api/lister/1/").status_code == 401
