"""Files laid in the drop folder: taken once, whole and by themselves; the others are put aside with a sentence."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.conf import LazySettings
from django.db import connection

from outreach.access.actor import system_actor
from outreach.access.data_context import data_context
from outreach.access.models import Organisation
from outreach.access.roles import Role
from outreach.audit.models import AccessEvent
from outreach.schedule.models import PeriodicRun
from registry import tasks
from registry.imports import drop_folder
from registry.imports.drop_folder import collect
from registry.imports.lists import advance
from registry.models import ListChannel, ListState, NonresponderList
from registry.services.lists import withdraw
from tests.factories.cast import actor_with_role, organisation_for
from tests.factories.geography import HOEJE_TAASTRUP, ISHOEJ
from tests.factories.registry import FIRST_WEEK, csv_file, moment, row

NOW = moment(FIRST_WEEK)
NAME = "covid-19_2021-03-30_22dage_gruppe1-3_fra-Region H.csv"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings: LazySettings) -> Path:
    settings.DROP_FOLDER = tmp_path / "drop"
    settings.DROP_FOLDER_QUIET_SECONDS = 60
    incoming = tmp_path / "drop" / "0183" / "ind"
    incoming.mkdir(parents=True)
    return incoming


def lay(folder: Path, name: str = NAME, content: bytes | None = None) -> Path:
    path = folder / name
    path.write_bytes(csv_file([row(1, group="2"), row(2, group="1")]).getvalue() if content is None else content)
    return path


def run(later: float = 61, code: int = ISHOEJ) -> drop_folder.Collected:
    return collect(code, now=NOW, real_now=time.time() + later)


def names_in(folder: Path) -> list[str]:
    """Names without the stamp in front, which is when and a random part."""
    return sorted(name.split("_", 1)[1] for name in os.listdir(folder))


def refusal(folder: Path) -> str:
    (text,) = (folder.parent / "afvist").glob("*.txt")
    return text.read_text(encoding="utf-8")


@pytest.mark.django_db
def test_file_is_received_with_what_its_name_states_and_moved(folder: Path) -> None:
    organisation_for(Role.LIST_ADMIN)
    lay(folder)
    (list_id,) = run().list_ids
    found = NonresponderList.objects.get(pk=list_id)
    assert (found.channel, found.programme.code, found.as_of, found.waiting_days) == (
        ListChannel.FOLDER,
        "covid-19",
        FIRST_WEEK,
        22,
    )
    assert (found.groups_stated, found.sender, found.display_name) == (["1", "2", "3"], "Region H", NAME)
    assert (found.uploaded_by_id, found.uploaded_by_name) == (None, "Afleveringsmappen")
    assert os.listdir(folder) == []
    assert names_in(folder.parent / "behandlet") == [f"liste{list_id}_{NAME}"]
    assert advance(list_id, now=NOW).state == ListState.REVIEWED
    with data_context(system_actor("test", [ISHOEJ])):
        event = AccessEvent.objects.get(subject_kind="nonresponderlist", action="add")
        assert (event.actor_name, event.detail["channel"]) == ("Afleveringsmappen", "folder")


@pytest.mark.django_db
def test_file_of_facts_beside_the_file_says_all(folder: Path) -> None:
    organisation_for(Role.LIST_ADMIN)
    lay(folder, "liste.csv")
    facts = {"programme": "covid-19", "as_of": "2021-03-23", "waiting_days": 7, "groups": ["1", "2"], "sender": "X"}
    lay(folder, "liste.csv.json", json.dumps(facts).encode())
    (list_id,) = run().list_ids
    found = NonresponderList.objects.get(pk=list_id)
    assert (str(found.as_of), found.waiting_days, found.groups_stated, found.sender) == (
        "2021-03-23",
        7,
        ["1", "2"],
        "X",
    )
    assert names_in(folder.parent / "behandlet") == [f"liste{list_id}_liste.csv", f"liste{list_id}_liste.csv.json"]


@pytest.mark.django_db
@pytest.mark.parametrize(("later", "taken"), [(59, 0), (60.5, 1)])
def test_file_that_changed_a_moment_ago_waits(folder: Path, later: float, taken: int) -> None:
    path = lay(folder)
    # A copying program may set the time of writing far back: the time of change counts too.
    os.utime(path, (0, 0))
    collected = collect(ISHOEJ, now=NOW, real_now=path.stat().st_ctime + later)
    assert (len(collected.list_ids), collected.waiting) == (taken, 1 - taken)


@pytest.mark.django_db
def test_file_written_to_while_it_is_read_is_not_taken(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = lay(folder)
    real = drop_folder.receive_list

    def slow(**statement: object) -> NonresponderList:
        received = real(**statement)
        with path.open("ab") as file:
            file.write(b"1;2;3;4\r\n")
        return received

    monkeypatch.setattr(drop_folder, "receive_list", slow)
    assert run().waiting == 1
    assert not NonresponderList.objects.exists()
    assert os.listdir(folder) == [NAME]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("liste.csv", "Filens navn siger ikke"),
        ("covid-19_2021-03-30_22dage_noget.csv", "Filens navn siger ikke"),
        ("covid-19_2021-03-30_22dage_gruppe1_gruppe2.csv", "Filens navn siger ikke"),
        ("covid-19_2021-03-30_22dageX.csv", "Filens navn siger ikke"),
        ("mæslinger_2021-03-30_22dage.csv", "Filens navn siger ikke"),
        ("gulfeber_2021-03-30_22dage.csv", "Programmet »gulfeber« findes ikke"),
        ("covid-19_2021-02-30_22dage.csv", "er ikke en dato"),
        ("covid-19_2022-03-30_22dage.csv", "ligger i fremtiden"),
        ("covid-19_2021-03-30_999dage.csv", "Skriv ventetiden"),
        ("covid-19_2021-03-30_22dage_gruppe77.csv", "Målgruppen 77 findes ikke"),
        ("covid-19_2021-03-30_22dage_bestilling-SST-9.csv", "Bestillingen SST-9 findes ikke"),
    ],
)
def test_file_that_does_not_say_is_put_aside_with_a_sentence(folder: Path, name: str, words: str) -> None:
    lay(folder, name)
    assert len(run().refused) == 1
    assert words in refusal(folder)
    assert names_in(folder.parent / "afvist") == sorted([name, f"{name}.txt"])
    assert not NonresponderList.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize(
    "content", [b"{}", b"[1]", b"\xff", b'{"programme": "covid-19"}', b"[" * 30_000, b" " * 30_000]
)
def test_file_of_facts_that_cannot_be_used_is_said_so(folder: Path, content: bytes) -> None:
    lay(folder)
    lay(folder, NAME + ".json", content)
    assert run().refused == ["sidecar"]
    assert "Oplysningsfilen" in refusal(folder)
    assert os.listdir(folder) == []


@pytest.mark.django_db
def test_links_folders_pipes_and_second_names_are_refused(folder: Path, tmp_path: Path) -> None:
    secret = lay(tmp_path, "secret.csv")
    (folder / "covid-19_2021-03-30_22dage.csv").symlink_to(secret)
    (folder / "covid-19_2021-03-30_7dage.csv").hardlink_to(secret)
    (folder / "covid-19_2021-03-30_8dage.csv").mkdir()
    os.mkfifo(folder / "covid-19_2021-03-30_9dage.csv")
    assert run().refused == ["not_a_file"] * 4
    assert not NonresponderList.objects.exists()
    assert os.listdir(folder) == []
    assert secret.exists()


@pytest.mark.django_db
def test_hidden_and_unfinished_files_are_left_alone(folder: Path) -> None:
    left = sorted([f".{NAME}", f"~${NAME}", f"{NAME}.part", f"{NAME}.tmp"])
    for name in left:
        lay(folder, name)
    assert run() == drop_folder.Collected()
    assert sorted(os.listdir(folder)) == left


@pytest.mark.django_db
def test_folder_that_is_a_link_is_not_entered(folder: Path, tmp_path: Path) -> None:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    lay(elsewhere)
    folder.rmdir()
    folder.symlink_to(elsewhere)
    assert run().faults == 1
    assert not NonresponderList.objects.exists()
    assert os.listdir(elsewhere) == [NAME]


@pytest.mark.django_db
def test_huge_file_is_refused_before_it_is_read(folder: Path, settings: LazySettings) -> None:
    settings.UPLOAD_MAX_BYTES = 10 * 1024**2
    with lay(folder).open("ab") as file:
        file.truncate(10 * 1024**2 + 1)
    assert run().refused == ["file_too_big"]
    assert "større end 10 MB" in refusal(folder)


@pytest.mark.django_db
def test_file_that_may_not_be_read_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, real = lay(folder), os.open

    def closed(name: object, *arguments: object, **options: object) -> int:
        # As root, whom the tests may run as, no file is closed.
        if name == path.name:
            raise PermissionError(13, "closed")
        return real(name, *arguments, **options)  # type: ignore[arg-type]

    monkeypatch.setattr(os, "open", closed)
    assert run().refused == ["not_readable"]
    assert "rettigheder" in refusal(folder)


@pytest.mark.django_db
def test_name_of_255_bytes_and_name_that_is_no_text_are_put_aside(folder: Path) -> None:
    lay(folder, "å" * 125 + ".csv")
    Path(os.fsdecode(os.fsencode(folder) + b"/\xff\xfe.csv")).write_bytes(b"x;y\r\n")
    assert run().refused == ["not_stated"] * 2
    assert os.listdir(folder) == []


@pytest.mark.django_db
def test_same_bytes_again_are_refused_with_who_and_when(folder: Path) -> None:
    lay(folder)
    run()
    lay(folder)
    assert run().refused == ["same_file_in_progress"]
    assert "Afleveringsmappen" in refusal(folder)
    assert NonresponderList.objects.count() == 1


@pytest.mark.django_db
def test_file_moved_back_after_its_list_was_withdrawn_is_a_new_list(folder: Path) -> None:
    lay(folder)
    (first,) = run().list_ids
    with data_context(actor_with_role(Role.LIST_ADMIN)) as by:
        withdraw(by=by, nonresponder_list=NonresponderList.objects.get(pk=first), now=NOW)
    (done,) = (folder.parent / "behandlet").iterdir()
    done.rename(folder / NAME)
    assert run().list_ids != []
    assert NonresponderList.objects.count() == 2


@pytest.mark.django_db
def test_each_municipality_takes_its_own(folder: Path) -> None:
    lay(folder)
    assert run(code=HOEJE_TAASTRUP).list_ids == []
    assert os.listdir(folder) == [NAME]


@pytest.mark.django_db
def test_fault_with_one_file_leaves_it_and_takes_the_others(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lay(folder, "covid-19_2021-03-23_22dage.csv", csv_file([row(3)]).getvalue())
    lay(folder)
    real = drop_folder.receive_list

    def broken(**statement: object) -> NonresponderList:
        if statement["display_name"] != NAME:
            raise OSError(28, "no space left on device")
        return real(**statement)

    monkeypatch.setattr(drop_folder, "receive_list", broken)
    collected = run()
    assert (collected.faults, len(collected.list_ids)) == (1, 1)
    assert os.listdir(folder) == ["covid-19_2021-03-23_22dage.csv"]


@pytest.mark.django_db
def test_task_collects_for_every_municipality_once_a_slot(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    organisation_for(Role.LIST_ADMIN)
    organisation_for(Role.LIST_ADMIN, HOEJE_TAASTRUP)
    assert Organisation.objects.count() == 2
    asked: list[int] = []

    def noted(code: int, **times: object) -> drop_folder.Collected:
        asked.append(code)
        return drop_folder.Collected(list_ids=[code * 10])

    woken: list[int] = []
    monkeypatch.setattr(tasks, "collect", noted)
    monkeypatch.setattr(tasks.import_list, "delay", woken.append)
    tasks.collect_dropped_lists()
    tasks.collect_dropped_lists()
    assert (asked, woken) == ([169, 183], [1690, 1830])
    assert PeriodicRun.objects.filter(job=tasks.COLLECT).count() == 1


WORKER = """
import django; django.setup()
import os, sys, time
from datetime import datetime
from pathlib import Path
from django.conf import settings
from registry.imports import drop_folder
settings.DROP_FOLDER, settings.UPLOAD_ROOT = Path(sys.argv[1]), Path(sys.argv[2])
real = os.rename
def stopped(*arguments, **options):
    if "src_dir_fd" in options:
        print("received", flush=True)
        time.sleep(60)
    real(*arguments, **options)
os.rename = stopped
drop_folder.collect(183, now=datetime.fromisoformat(sys.argv[3]), real_now=time.time() + 61)
"""


@pytest.mark.django_db(transaction=True)
def test_worker_killed_between_receiving_and_moving_leaves_one_list(folder: Path, settings: LazySettings) -> None:
    lay(folder)
    address = urlsplit(os.environ["DATABASE_URL"])._replace(path=f"/{connection.settings_dict['NAME']}").geturl()
    environment = os.environ | {"DATABASE_URL": address, "LOG_LEVEL": "ERROR"}
    arguments = [str(settings.DROP_FOLDER), str(settings.UPLOAD_ROOT), NOW.isoformat()]
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER, *arguments], stdout=subprocess.PIPE, env=environment, text=True
    )
    assert worker.stdout is not None
    assert worker.stdout.readline() == "received\n"
    worker.send_signal(signal.SIGKILL)
    worker.wait()
    worker.stdout.close()
    assert os.listdir(folder) == [NAME]
    received = NonresponderList.objects.get()

    again = run()
    assert (again.list_ids, again.refused) == ([], [])
    assert NonresponderList.objects.get() == received
    assert names_in(folder.parent / "behandlet") == [f"liste{received.pk}_{NAME}"]


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_make_one_list(folder: Path) -> None:
    lay(folder)
    barrier, collected = threading.Barrier(2), []

    def work() -> None:
        barrier.wait()
        try:
            collected.append(run())
        finally:
            connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(len(each.list_ids) for each in collected) == [0, 1]
    assert [each.refused for each in collected] == [[], []]
    assert NonresponderList.objects.count() == 1
    assert len(os.listdir(folder.parent / "behandlet")) == 1
