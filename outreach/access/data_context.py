"""Open row-level security for the municipalities an actor may read, for one transaction.

Requests, tasks and commands each set it in one place. Without it every personal table is empty.
"""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar

from django.db import connection, transaction

from .actor import Actor, system_actor

_current: ContextVar[Actor | None] = ContextVar("outreach_data_context", default=None)


class NestedDataContextError(RuntimeError):
    """A context was opened inside another: which municipality a query sees must never be in doubt."""


@contextmanager
def data_context(actor: Actor) -> Iterator[Actor]:
    """One transaction in which personal tables show `actor.personal_municipalities` and nothing else."""
    if _current.get() is not None:
        raise NestedDataContextError(f"{actor.name} inside {_current.get().name}")  # type: ignore[union-attr]
    token = _current.set(actor)
    try:
        with transaction.atomic():
            set_row_security(actor)
            yield actor
            # Inside an outer transaction (a test's) the setting would outlive this block; a rollback takes it back too.
            if not connection.needs_rollback:
                _set_municipalities("")
    finally:
        _current.reset(token)


@contextmanager
def opened_by_route(municipality_id: int) -> Iterator[None]:
    """Inside the context of an actor who sees no municipality, open the one that a routing table names.

    For a region's desk: the caller has found the route among the actor's own, and reads the one row it leads to.
    Refused for whoever has municipalities of their own, and where no context is open.
    """
    actor = _current.get()
    if actor is None or actor.personal_municipalities:
        raise NestedDataContextError("a route opens a municipality only for an actor who sees none")
    _set_municipalities(f"{{{municipality_id:d}}}")
    try:
        yield
    finally:
        if not connection.needs_rollback:
            _set_municipalities("")


def set_row_security(actor: Actor) -> None:
    """Set the transaction's municipalities. Call only inside a transaction, through `data_context`."""
    _set_municipalities("{" + ",".join(str(code) for code in sorted(actor.personal_municipalities)) + "}")


def _set_municipalities(array_literal: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.municipalities', %s, true)", [array_literal])


def current_actor() -> Actor | None:
    """The actor whose context is open, if any."""
    return _current.get()


def job_context(job: str, municipality_codes: Iterable[int]) -> AbstractContextManager[Actor]:
    """The one place where a Celery task opens row-level security: a named job, for the given municipalities."""
    return data_context(system_actor(job, municipality_codes))
