"""The type of a request that has passed the middleware: views name it, so that types know the actor and the time."""

from datetime import datetime

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from .actor import Actor


class ActorRequest(HttpRequest):
    """A request of somebody with a role, inside a data context. Never made: the middleware sets the attributes."""

    actor: Actor
    now: datetime
    htmx: HtmxDetails
