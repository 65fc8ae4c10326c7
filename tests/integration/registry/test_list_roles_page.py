"""Who may open the list pages, and what a foreign list is: not there."""

import pytest

from outreach.access.roles import Role
from tests.factories.cast import client_with_role
from tests.factories.geography import HOEJE_TAASTRUP
from tests.factories.list_pages import ROWS, reviewed

pytestmark = pytest.mark.django_db
READERS = {Role.TEAM_LEAD, Role.LIST_ADMIN}
UPLOADERS = {Role.LIST_ADMIN}


@pytest.mark.parametrize("role", Role, ids=str)
@pytest.mark.parametrize(
    ("address", "roles"),
    [
        ("/lister/", READERS),
        ("/lister/indlaes/", UPLOADERS),
        ("/lister/bestillinger/", UPLOADERS),
        ("/lister/bestillinger/opret/", UPLOADERS),
        # The second person must see what is held; handing a file in is for uploaders only.
        ("/borgere/indlaes/", READERS),
    ],
)
def test_pages_open_for_their_roles_only(role: Role, address: str, roles: set[Role]) -> None:
    assert client_with_role(role).get(address).status_code == (200 if role in roles else 403)


def test_a_foreign_list_is_not_there() -> None:
    found = reviewed(client_with_role(Role.LIST_ADMIN), ROWS)
    stranger = client_with_role(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    for part in ("", "fremdrift/", "raekker/", "fejl.csv"):
        assert stranger.get(f"/lister/{found.pk}/{part}").status_code == 404
    for part in ("kolonner/", "valg/", "godkend/", "afvis/", "traek-tilbage/", "fortryd/"):
        assert stranger.post(f"/lister/{found.pk}/{part}").status_code == 404


def test_a_team_lead_reviews_but_does_not_upload_or_withdraw() -> None:
    found = reviewed(client_with_role(Role.LIST_ADMIN), ROWS)
    lead = client_with_role(Role.TEAM_LEAD)
    page = lead.get(f"/lister/{found.pk}/").content.decode()
    assert "Godkend, og indlæs" in page
    assert "Træk tilbage" not in page
    assert lead.post(f"/lister/{found.pk}/traek-tilbage/").status_code == 403
    assert "Indlæs liste" not in lead.get("/lister/").content.decode()


def test_without_log_in_every_page_leads_to_it(client: object) -> None:
    for address in ("/lister/", "/lister/1/", "/lister/1/raekker/", "/lister/1/fejl.csv"):
        assert client.get(address).status_code in {302, 403}  # type: ignore[attr-defined]


def test_a_team_lead_hands_no_citizen_file_in() -> None:
    browser = client_with_role(Role.TEAM_LEAD)
    assert '<input type="file"' not in browser.get("/borgere/indlaes/").content.decode()
    assert browser.post("/borgere/indlaes/").status_code == 403
