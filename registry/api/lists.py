"""Lists handed in by another system, and their receipts (L1, L6). Personal data go in; none comes out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.response import Response

from outreach.access.api import ApiRequest, ApiView
from outreach.access.data_context import data_context
from outreach.access.permissions import Permission
from outreach.audit.models import Action
from outreach.audit.services import record
from outreach.clock.services import now as clock_now
from outreach.errors import UserError

from ..models import DEFAULT_SENDER, ListChannel, Municipality, NonresponderList
from ..selectors.lists import receipt
from ..services.list_statements import Statement, resolve
from ..services.lists import receive_list
from ..tasks import import_list

NEEDED = ("programme", "as_of", "waiting_days")


class ListStatementSerializer(serializers.Serializer[Any]):
    """What a call states; the same names as the commands and the files of facts use."""

    file = serializers.FileField()
    programme = serializers.CharField(help_text="covid-19")
    as_of = serializers.DateField(help_text="the day the data were pulled, 2021-04-20")
    waiting_days = serializers.IntegerField(min_value=0, max_value=366)
    groups = serializers.CharField(required=False, help_text="1-7 or 1,2,10A; empty: those in the file")
    order = serializers.CharField(required=False, help_text="reference of a list order; empty: the weekly list")
    sender = serializers.CharField(required=False, default=DEFAULT_SENDER, max_length=60)


class ReceiptSerializer(serializers.Serializer[Any]):
    """The receipt of the command contract."""

    list_id = serializers.IntegerField()
    state = serializers.CharField()
    rows = serializers.IntegerField()
    counts = serializers.DictField(child=serializers.IntegerField())
    gates = serializers.ListField(child=serializers.DictField())
    errors = serializers.ListField(child=serializers.DictField())  # type: ignore[assignment]


class ListsApi(ApiView):
    """`POST /api/lister/`: hand in a list."""

    parser_classes: ClassVar[list[type[BaseParser]]] = [MultiPartParser]  # type: ignore[misc]

    @extend_schema(
        request={"multipart/form-data": ListStatementSerializer},
        responses={201: ReceiptSerializer, 409: OpenApiResponse(description="the same bytes are in use already")},
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

    @extend_schema(responses=ReceiptSerializer)
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
