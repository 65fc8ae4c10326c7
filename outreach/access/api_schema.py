"""The OpenAPI document of the addresses for other systems: what a key is there, the shape of a refusal, where it lies.

Whoever makes keys may read it with their log-in, whoever has one with the key; a stranger is sent to the log-in.
"""

from __future__ import annotations

from typing import Any, ClassVar, cast

from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer, OpenApiJsonRenderer2, OpenApiYamlRenderer
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import exceptions, serializers
from rest_framework.authentication import BaseAuthentication
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from .actor import Actor
from .api import SCHEME, ApiKeyAuthentication, ApiRequest, ApiView
from .data_context import data_context
from .models import User
from .permissions import Permission

KEY = "apiKey"


class ApiKeyScheme(OpenApiAuthenticationExtension):
    """What the document says of `ApiKeyAuthentication`."""

    target_class = ApiKeyAuthentication
    name = KEY

    def get_security_definition(self, auto_schema: Any) -> dict[str, Any]:
        """The key as the code takes it: `Authorization: Bearer opsoeg_…`."""
        return {
            "type": "http",
            "scheme": SCHEME.lower(),
            "bearerFormat": "opsoeg_…",
            "description": str(
                _("API-nøgle, som kommunens listeadministrator opretter under API-nøgler. Den gælder én kommune.")
            ),
        }


class RefusalSerializer(serializers.Serializer[Any]):
    """Why a call was refused: a code for the program, a sentence for a person."""

    code = serializers.CharField(help_text=_("fast kode, som et program kan se efter"))
    message = serializers.CharField(help_text=_("hvad der er galt, og hvad I kan gøre; på dansk"))


class ErrorSerializer(serializers.Serializer[Any]):
    """The answer to every call that was refused."""

    error = RefusalSerializer()


class EarlierListSerializer(RefusalSerializer):
    """The refusal of a file that was handed in before."""

    list_id = serializers.IntegerField(help_text=_("listen, som filen allerede er brugt til"))


class ConflictSerializer(serializers.Serializer[Any]):
    """The answer to bytes that are in use already."""

    error = EarlierListSerializer()


_WORDS = {
    400: _("Kaldet kan ikke læses."),
    401: _("API-nøglen mangler, er udløbet eller gælder ikke."),
    403: _("Nøglen giver ikke adgang til det."),
    404: _("Listen findes ikke, eller den er en anden kommunes."),
    405: _("Adressen kan ikke bruges på den måde."),
    413: _("Filen er for stor."),
    415: _("Kaldet er ikke multipart/form-data."),
    422: _("Noget i kaldet eller filen kan ikke bruges. Sætningen siger hvad."),
    429: _("Der er kaldt for mange gange. Vent så mange sekunder, som Retry-After siger."),
}


def refusals(*statuses: int) -> dict[int, OpenApiResponse]:
    """The answers to refused calls, for `extend_schema(responses=…)`; those every address has are always in."""
    return {
        status: OpenApiResponse(ErrorSerializer, description=_WORDS[status])
        for status in sorted({401, 403, 405, 429, *statuses})
    }


CONFLICT = OpenApiResponse(ConflictSerializer, description=_("Filen er indlæst før. Intet er ændret."))


def answer_header(name: str, *statuses: int, kind: Any, words: Any) -> OpenApiParameter:
    """A header of the answers with these statuses."""
    return OpenApiParameter(
        name, kind, OpenApiParameter.HEADER, response=[str(status) for status in statuses], description=words
    )


RETRY_AFTER = answer_header("Retry-After", 429, kind=OpenApiTypes.INT, words=_("sekunder til næste forsøg"))


class LogInAuthentication(BaseAuthentication):
    """A person's log-in, for reading only: the address that takes it changes nothing."""

    def authenticate(self, request: Request) -> tuple[User, None] | None:
        actor: Actor | None = request._request.actor  # type: ignore[attr-defined]
        if actor is None:
            return None
        request.key_actor = actor  # type: ignore[attr-defined]
        return cast(User, request._request.user), None

    def authenticate_header(self, request: Request) -> str:
        return SCHEME


class SchemaApi(ApiView):
    """`GET /api/schema/`: the document, as JSON or with `?format=yaml`."""

    authentication_classes: ClassVar[list[type[BaseAuthentication]]] = [ApiKeyAuthentication, LogInAuthentication]  # type: ignore[misc]
    renderer_classes: ClassVar[list[type[BaseRenderer]]] = [  # type: ignore[misc]
        OpenApiJsonRenderer,
        OpenApiJsonRenderer2,
        OpenApiYamlRenderer,
    ]

    @extend_schema(exclude=True)
    def get(self, request: ApiRequest) -> Response:
        """The document, in the reader's language."""
        with data_context(request.key_actor) as by:
            by.require(Permission.UPLOAD_LISTS)
        return Response(SchemaGenerator().get_schema(public=True))

    def handle_exception(self, exc: Exception) -> Any:
        """A person without a log-in gets the log-in page; a program with a wrong key its refusal."""
        if isinstance(exc, exceptions.NotAuthenticated):
            answer: HttpResponseBase = redirect_to_login(self.request.get_full_path())
            return answer
        return super().handle_exception(exc)
