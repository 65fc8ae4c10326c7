"""The base of every address for other systems: a key in the header, one shape of errors, one data context.

No session and no cookie counts here, so that no other site can use a person's log-in (no CSRF).
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.http import Http404
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _
from rest_framework import exceptions
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import SimpleRateThrottle
from rest_framework.views import APIView

from outreach.audit.models import Action
from outreach.audit.services import record_denial, record_session_event
from outreach.clock.services import now as clock_now
from outreach.errors import UserError

from .actor import Actor
from .api_keys import actor_of, note_use, recognise
from .data_context import data_context
from .models import ApiKey, User

SCHEME = "Bearer"
# What the fields and the frame of a form take beside its file.
FORM_ROOM = 64 * 1024
CONFLICTS = {"same_file", "same_file_in_progress"}
TOO_LARGE = {"file_too_big"}


class ApiRequest(Request):
    """A request whose key was recognised. Never made: the authentication sets the attribute."""

    key_actor: Actor


class StrangerThrottle(SimpleRateThrottle):
    """How often an address may come with a key that is none."""

    scope = "api-stranger"

    def get_cache_key(self, request: Request, view: Any) -> str:
        return self.cache_format % {"scope": self.scope, "ident": self.get_ident(request)}


class KeyThrottle(SimpleRateThrottle):
    """How often a key may be used; reading and writing are counted apart."""

    scope = "api-read"

    def allow_request(self, request: Request, view: APIView) -> bool:
        if request.method not in ("GET", "HEAD", "OPTIONS"):
            self.scope = "api-write"
            self.rate = self.get_rate()
            self.num_requests, self.duration = self.parse_rate(self.rate)
        return super().allow_request(request, view)

    def get_cache_key(self, request: Request, view: Any) -> str | None:
        if not isinstance(request.auth, ApiKey):
            return None
        return self.cache_format % {"scope": self.scope, "ident": request.auth.pk}


class ApiKeyAuthentication(BaseAuthentication):
    """`Authorization: Bearer opsoeg_…`. A key that does not hold is logged; who tries many is slowed down."""

    def authenticate(self, request: Request) -> tuple[User, ApiKey] | None:
        parts = get_authorization_header(request).split()
        if not parts:
            return None
        row = recognise(parts[1].decode("latin-1")) if len(parts) == 2 and parts[0].lower() == b"bearer" else None
        actor = actor_of(row, clock_now()) if row is not None else None
        if row is None or actor is None:
            self._refuse(request, row)
            raise exceptions.AuthenticationFailed
        request.key_actor = actor  # type: ignore[attr-defined]
        return row.membership.user, row

    def authenticate_header(self, request: Request) -> str:
        return SCHEME

    def _refuse(self, request: Request, row: ApiKey | None) -> None:
        throttle = StrangerThrottle()
        if not throttle.allow_request(request, None):  # type: ignore[arg-type]
            raise exceptions.Throttled(throttle.wait())
        user = row.membership.user if row is not None else None
        record_session_event(
            action=Action.LOG_IN_FAILED,
            user_id=user.pk if user else None,
            name=user.display_name if user else "",
            municipality_id=row.membership.organisation.code if row is not None else None,
        )


@method_decorator(login_not_required, name="dispatch")
class ApiView(APIView):
    """Subclasses write `get` or `post`, and open the data context of `request.key_actor` in it."""

    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [ApiKeyAuthentication]  # type: ignore[misc]
    throttle_classes: ClassVar[list[type[SimpleRateThrottle]]] = [KeyThrottle]  # type: ignore[misc]

    @classmethod
    def as_view(cls, **initkwargs: Any) -> Any:
        """The view, kept out of the middleware's context: who acts is known only from the key."""
        view = super().as_view(**initkwargs)
        view.without_data_context = True  # type: ignore[attr-defined]
        view.login_required = False  # type: ignore[attr-defined]
        return view

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Key and rate first, then the length: nothing of a body is read for a stranger."""
        super().initial(request, *args, **kwargs)
        length = request.META.get("CONTENT_LENGTH") or "0"
        if not length.isdigit() or int(length) > settings.UPLOAD_MAX_BYTES + FORM_ROOM:
            raise RequestDataTooBig
        if isinstance(request.auth, ApiKey):
            note_use(request.auth, clock_now())

    def handle_exception(self, exc: Exception) -> Response:
        """Every error as `{"error": {"code", "message"}}`; what a known caller was refused is logged."""
        answer = error_response(exc)
        actor: Actor | None = getattr(self.request, "key_actor", None)
        if actor is not None:
            with data_context(actor):
                record_denial(by=actor, path=self.request.path, permission=answer.data["error"]["code"])
        if answer.status_code == 401:
            answer.headers["WWW-Authenticate"] = SCHEME
        answer.exception = True
        return answer

    def finalize_response(self, request: Any, response: Any, *args: Any, **kwargs: Any) -> Any:
        answer = super().finalize_response(request, response, *args, **kwargs)
        answer.headers["Cache-Control"] = "no-store"
        return answer


def error_response(error: Exception) -> Response:
    """The answer to an error. Raises what is no caller's doing."""
    if isinstance(error, UserError):
        status = 409 if error.code in CONFLICTS else 413 if error.code in TOO_LARGE else 422
        extra = {"list_id": error.earlier_id} if hasattr(error, "earlier_id") else {}
        return _error(status, error.code, error.message, **extra)
    if isinstance(error, exceptions.NotAuthenticated | exceptions.AuthenticationFailed):
        return _error(401, "key", _("API-nøglen mangler, er udløbet eller gælder ikke. Opret en ny under API-nøgler."))
    if isinstance(error, exceptions.Throttled):
        answer = _error(429, "throttled", _("Der er kaldt for mange gange. Vent lidt, og prøv igen."))
        answer.headers["Retry-After"] = str(int(getattr(error, "wait", None) or 60) + 1)
        return answer
    if isinstance(error, PermissionDenied | exceptions.PermissionDenied):
        return _error(403, "not_allowed", _("Nøglen giver ikke adgang til det."))
    if isinstance(error, Http404 | exceptions.NotFound):
        return _error(404, "not_found", _("Det findes ikke, eller det er en anden kommunes."))
    if isinstance(error, RequestDataTooBig):
        limit = settings.UPLOAD_MAX_BYTES // 1024**2
        return _error(
            413, "file_too_big", _("Filen er større end %(limit)s MB. Del listen i flere filer.") % {"limit": limit}
        )
    if isinstance(error, exceptions.MethodNotAllowed):
        return _error(405, "method", _("Adressen kan ikke bruges på den måde."))
    if isinstance(error, exceptions.UnsupportedMediaType):
        return _error(415, "media_type", _("Send listen som multipart/form-data."))
    if isinstance(error, exceptions.APIException | SuspiciousOperation):
        return _error(400, "malformed", _("Kaldet kan ikke læses. Send listen som multipart/form-data."))
    raise error


def _error(status: int, code: str, message: str, **extra: object) -> Response:
    return Response({"error": {"code": code, "message": message, **extra}}, status=status)
