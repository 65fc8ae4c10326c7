"""The whole installation with invented people: make it once, keep it, serve it."""

import signal
import subprocess
import sys
import threading
import time
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandParser

from outreach.access.models import Organisation
from outreach.celery import QUEUES
from outreach.clock.services import now as clock_now
from outreach.clock.services import resume_demo_clock
from outreach.command import OutreachCommand
from outreach.demo.cast import PASSWORD
from outreach.demo.places import ISHOEJ
from outreach.demo.reset import reset_demo
from outreach.demo.result import demo_result
from outreach.demo.seed import DEFAULT_RANDOM_SEED, seed
from outreach.demo.weeks import play
from outreach.embedded.processes import (
    HOST,
    start_beat,
    start_web,
    start_worker,
    stop_processes,
    wait_until_served,
)

_LOG_INS = [
    ("sagsbehandler", "ringer til borgere"),
    ("teamleder", "leder køen, ser SMS og statusnotat"),
    ("listeadmin", "indlæser lister fra SSI"),
    ("regionsplanlaegger", "planlægger pop-up-steder"),
    ("kontrollant", "ser adgangsloggen"),
    ("koersel, bookingvagt, raadgiver, leder", "de øvrige roller"),
]


class Command(OutreachCommand):
    help = "Make the demo (first time), then serve it. --once plays the weeks, prints the result and stops."

    def add_options(self, parser: CommandParser) -> None:
        parser.add_argument("--reset", action="store_true", help="make it anew")
        parser.add_argument("--port", type=int, default=8000)
        parser.add_argument("--once", action="store_true")

    def answer(self, options: dict[str, Any]) -> Any:
        started = time.monotonic()
        call_command("migrate", verbosity=0, stdout=self.stderr)
        seconds = self._made(reset=options["reset"])
        if options["once"]:
            return demo_result(ISHOEJ, clock_now(), seconds | {"total": round(time.monotonic() - started, 2)})
        self._serve(options["port"], started)
        return None

    def lines(self, answer: Any) -> list[str]:
        return [] if answer is None else super().lines(answer)

    def _made(self, *, reset: bool) -> dict[str, float]:
        """Seed and play unless that is done already. Returns seconds per stage."""
        finished = settings.VAR / "demo" / "played"
        if finished.exists() and not reset:
            resume_demo_clock()
            return {}
        if Organisation.objects.exists():
            self.progress("Den gamle demo fjernes." if finished.exists() else "Demoen er ikke hel og laves forfra.")
            reset_demo()
        started = time.monotonic()
        self.progress("Opdigtede borgere, institutioner og lister laves …")
        seeded = seed(municipality_code=ISHOEJ, scale="municipality", random_seed=DEFAULT_RANDOM_SEED)
        seconds = {"seed": round(time.monotonic() - started, 2)}
        worker = start_worker(QUEUES)
        try:
            played = play(seeded, self.progress)
        finally:
            stop_processes([worker])
        finished.touch()
        return seconds | played.seconds

    def _serve(self, port: int, started: float) -> None:
        web = start_web(port)
        processes = [web]
        try:
            wait_until_served(web, port)
            # After the site answers: importing everything at once would make a person wait for all of it.
            processes += [start_beat(), start_worker(QUEUES)]
            self._greet(port, time.monotonic() - started)
            _wait(processes)
        finally:
            stop_processes(processes)

    def _greet(self, port: int, seconds: float) -> None:
        say = self.stdout.write
        say(f"\nOpsøg kører på http://{HOST}:{port}/  (klar på {seconds:.0f} s; stop med Ctrl+C)\n")
        say(f"Log ind med adgangskoden {PASSWORD} som:")
        for username, does in _LOG_INS:
            say(f"  {username:<20} {does}")
        say("Høje-Taastrups medarbejdere hedder det samme med -2 efter. Alle borgere er opdigtede.\n")
        sys.stdout.flush()


def _wait(processes: list[subprocess.Popen[bytes]]) -> None:
    """Until Ctrl+C, a polite stop, or one of the processes ends by itself."""
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())
    while not stop.wait(0.5):
        if any(process.poll() is not None for process in processes):
            raise RuntimeError("a process of the demo ended; see the logs in the data folder")
