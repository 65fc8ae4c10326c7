"""The demo's weeks played small, through the real worker: what the note says is what the people said."""

import json
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from outreach.access.data_context import data_context
from outreach.clock.services import now as clock_now
from outreach.demo.result import demo_result
from outreach.demo.seed import seed
from outreach.demo.weeks import play
from registry.models import Citizen, FollowUp, ListOrder
from tests.factories.world import job
from tests.process_worker import process_worker

pytestmark = pytest.mark.django_db(transaction=True)
ISHOEJ, HOEJE_TAASTRUP = 183, 169


@pytest.fixture(autouse=True)
def own_folder(tmp_path: Path, settings: object) -> None:
    """Keep the demo's files out of the data folder."""
    settings.VAR = tmp_path  # type: ignore[attr-defined]


@pytest.mark.timeout(300)
def test_four_weeks_end_in_the_note_that_the_story_counts() -> None:
    seeded = seed(municipality_code=ISHOEJ, scale="small", random_seed=7)
    with process_worker():
        play(seeded, lambda text: None)
    result = demo_result(ISHOEJ, clock_now(), {})
    assert [receipt["state"] for receipt in result["lists"]] == ["committed"] * 4
    listed = [person for person in seeded.stories[ISHOEJ] if person.on_list(4)]
    note = result["status_note"]
    not_reacted = {group["code"]: group["not_reacted"] for group in note["groups"] if group["not_reacted"]}
    # By hand from the small demo's own table: 1 + 5 + 2 + 4 + 8 + 2 + 6 under the duty, 14 in group 8.
    assert not_reacted == {"1": 1, "2": 5, "3": 2, "4": 4, "5": 8, "6": 2, "7": 6, "8": 14}
    assert (note["total"]["not_reacted"], len(listed)) == (28, 42)
    assert (note["total"]["declined"], note["total"]["undecided"]) == (5, 2)
    # The demo's clock jumps over days: what was of use before them only is ended, never sent late (F16).
    assert set(result["messages"]) <= {"sent", "queued", "cancelled", "expired"}
    assert result["messages"]["sent"] > result["messages"].get("expired", 0)
    with data_context(job(ISHOEJ)):
        open_ones = FollowUp.objects.filter(status="open")
        assert open_ones.exists()
        assert not open_ones.filter(next_step_reason="to_be_planned").exists()


def test_seeding_empty_makes_people_at_work_and_orders_but_no_citizens() -> None:
    out = StringIO()
    call_command("seed_demo", "--scale", "empty", "--json", stdout=out)
    answer = json.loads(out.getvalue())
    assert answer["list_orders"] == ["SST-DEMO-1", "SST-DEMO-0"]
    assert ListOrder.objects.count() == 4
    with data_context(job(ISHOEJ)):
        assert not Citizen.objects.exists()
