"""Lists handed in by another system, and their receipts (L1, L6). Personal data go in; none comes out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.response import Response

from outreach.access.api import ApiRequest, ApiView
from outreach.access.api_schema import CONFLICT, RETRY_AFTER, answer_header, refusals
from outreach.access.data_context import data_context
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.clock.services import now as clock_now
from outreach.errors import UserError

from ..models import DEFAULT_SENDER, ListChannel, ListState, Municipality, NonresponderList, RowClass
from ..selectors.lists import receipt
from ..services.list_statements import Statement, resolve
from ..services.lists import receive_list
from ..tasks import import_list

NEEDED = ("programme", "as_of", "waiting_days")


class ListStatementSerializer(serializers.Serializer[Any]):
    """What a call states; the same names as the commands and the files of facts use."""

    file = serializers.FileField(help_text=gettext_lazy("XLSX, XLS, ODS, CSV eller TSV"))
    programme = serializers.CharField(help_text=gettext_lazy("programmets kode, fx covid-19"))
    as_of = serializers.DateField(help_text=gettext_lazy("dagen, data er trukket, fx 2021-04-20"))
    waiting_days = serializers.IntegerField(
        min_value=0, max_value=366, help_text=gettext_lazy("dage siden invitationen, fx 22")
    )
    groups = serializers.CharField(
        required=False,
        help_text=gettext_lazy("målgrupper, fx 1-7 eller 1,2,10A; uden feltet gælder dem, der står i filen"),
    )
    order = serializers.CharField(
        required=False, help_text=gettext_lazy("bestillingens nummer; uden feltet er det den ugentlige liste")
    )
    sender = serializers.CharField(
        required=False, default=DEFAULT_SENDER, max_length=60, help_text=gettext_lazy("hvem der har sendt filen")
    )


class CountsSerializer(serializers.Serializer[Any]):
    """Rows of the list by what happens to them."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """One number for each class of rows."""
        return {each.value: serializers.IntegerField(min_value=0, help_text=each.label) for each in RowClass}


class GateSerializer(serializers.Serializer[Any]):
    """Something about the whole file that holds it back."""

    code = serializers.CharField(help_text=gettext_lazy("fast kode"))
    message = serializers.CharField(help_text=gettext_lazy("hvad der er galt, og hvad I kan gøre"))


class RowErrorSerializer(serializers.Serializer[Any]):
    """A row that needs somebody, without names and numbers of citizens."""

    row = serializers.IntegerField(allow_null=True, help_text=gettext_lazy("rækkens nummer, som regnearket viser det"))
    column = serializers.CharField(help_text=gettext_lazy("kolonnens overskrift, eller tom"))
    code = serializers.CharField(help_text=gettext_lazy("fast kode"))
    message = serializers.CharField(help_text=gettext_lazy("hvad der er galt"))


class ReceiptSerializer(serializers.Serializer[Any]):
    """What became of a list."""

    list_id = serializers.IntegerField(help_text=gettext_lazy("listens nummer"))
    state = serializers.ChoiceField(choices=ListState.choices, help_text=gettext_lazy("hvor langt listen er"))
    rows = serializers.IntegerField(min_value=0, help_text=gettext_lazy("rækker i filen; 0, indtil den er læst"))
    counts = CountsSerializer()
    gates = GateSerializer(many=True)
    errors = RowErrorSerializer(many=True)  # type: ignore[assignment]


_RECEIVED = OpenApiResponse(ReceiptSerializer, description=gettext_lazy("Listen er modtaget og bliver læst."))
_RECEIPT = OpenApiResponse(ReceiptSerializer, description=gettext_lazy("Hvad der er sket med listen indtil nu."))


class ListsApi(ApiView):
    """`POST /api/lister/`: hand in a list."""

    parser_classes: ClassVar[list[type[BaseParser]]] = [MultiPartParser]  # type: ignore[misc]

    @extend_schema(
        operation_id="hand_in_list",
        summary=gettext_lazy("Indlæs en liste"),
        description=gettext_lazy("En liste læses i baggrunden og gennemses af en person, før den gælder."),
        request={"multipart/form-data": ListStatementSerializer},
        responses={201: _RECEIVED, 409: CONFLICT, **refusals(400, 413, 415, 422)},
        parameters=[
            answer_header("Location", 201, kind=OpenApiTypes.URI_REF, words=gettext_lazy("kvitteringens adresse")),
            RETRY_AFTER,
        ],
    )
    def post(self, request: ApiRequest) -> Response:
        """Receive the list; a worker reads it, and a person reviews it."""
        file = request.FILES.get("file")
        if file is None:
            raise UserError("file", _("Filen mangler. Send den i feltet »file«."))
        statement = _statement(request)
        with data_context(request.key_actor) as by:
            by.require(Permission.UPLOAD_LISTS)
            municipality = Municipality.objects.get(pk=by.municipality_code or 0)
            received = receive_list(
                by=by,
                municipality=municipality,
                file=file,
                display_name=file.name or "",
                now=clock_now(),
                channel=ListChannel.API,
                **resolve(statement, municipality),
            )
            import_list.delay_on_commit(received.pk)
            return Response(receipt(received), status=201, headers={"Location": f"{request.path}{received.pk}/"})


class ListApi(ApiView):
    """`GET /api/lister/<id>/`: what became of a list."""

    @extend_schema(
        operation_id="list_receipt",
        summary=gettext_lazy("Hent kvitteringen for en liste"),
        description=gettext_lazy("Kvitteringen nævner ingen borgere. Den nævner højst 1.000 rækker med fejl."),
        responses={200: _RECEIPT, **refusals(404)},
        parameters=[
            OpenApiParameter(
                "list_id", OpenApiTypes.INT, OpenApiParameter.PATH, description=gettext_lazy("listens nummer")
            ),
            RETRY_AFTER,
        ],
    )
    def get(self, request: ApiRequest, list_id: int) -> Response:
        """The receipt, without personal data."""
        with data_context(request.key_actor) as by:
            by.require(Permission.SEE_LISTS)
            found = get_object_or_404(NonresponderList.objects.visible_to(by), pk=list_id)
            record(
                by=by,
                action=Action.LOOK,
                subject_kind="nonresponderlist",
                subject_id=found.pk,
                municipality_id=found.municipality_id,
                purpose=_("Kvittering hentet over API"),
            )
            return Response(receipt(found))


def _statement(request: ApiRequest) -> Statement:
    """The texts of the call. Raises UserError `missing_field`."""
    texts = {name: str(request.POST.get(name, "")).strip() for name in (*NEEDED, "groups", "order", "sender")}
    missing = [name for name in NEEDED if not texts[name]]
    if missing:
        raise UserError("missing_field", _("Feltet »%(name)s« mangler.") % {"name": missing[0]})
    return Statement(**texts | {"sender": texts["sender"] or DEFAULT_SENDER})
