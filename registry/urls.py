"""Addresses of the list pages and of the import of citizens. Danish paths: people read them."""

from django.urls import path

from .views import (
    citizen_imports,
    list_decisions,
    list_endings,
    list_exports,
    list_mappings,
    list_orders,
    list_reviews,
    lists,
)
from .views.reference_data_addresses import reference_addresses

app_name = "registry"
urlpatterns = [
    path("lister/", lists.list_index, name="list_index"),
    path("lister/indlaes/", lists.list_upload, name="list_upload"),
    path("lister/bestillinger/", list_orders.list_orders, name="list_orders"),
    path("lister/bestillinger/opret/", list_orders.list_order_create, name="list_order_create"),
    path("lister/bestillinger/<int:order_id>/", list_orders.list_order_detail, name="list_order_detail"),
    path("lister/bestillinger/<int:order_id>/sendt/", list_orders.list_order_send, name="list_order_send"),
    path("lister/bestillinger/<int:order_id>/godkendt/", list_orders.list_order_approve, name="list_order_approve"),
    path("lister/bestillinger/<int:order_id>/luk/", list_orders.list_order_end, name="list_order_end"),
    path("lister/<int:list_id>/", lists.list_detail, name="list_detail"),
    path("lister/<int:list_id>/fremdrift/", lists.list_progress, name="list_progress"),
    path("lister/<int:list_id>/kolonner/", list_mappings.list_mapping, name="list_mapping"),
    path("lister/<int:list_id>/ret-kolonner/", list_mappings.list_remap, name="list_remap"),
    path("lister/<int:list_id>/glem-kolonner/", list_mappings.list_mapping_forget, name="list_mapping_forget"),
    path("lister/<int:list_id>/raekker/", list_reviews.list_rows, name="list_rows"),
    path("lister/<int:list_id>/valg/", list_decisions.list_decide, name="list_decide"),
    path("lister/<int:list_id>/valg/fortryd/", list_decisions.list_decision_undo, name="list_decision_undo"),
    path("lister/<int:list_id>/fejl.csv", list_exports.list_errors_csv, name="list_errors_csv"),
    path("lister/<int:list_id>/fejl.xlsx", list_exports.list_errors_xlsx, name="list_errors_xlsx"),
    path("lister/<int:list_id>/kvittering.pdf", list_exports.list_receipt_pdf, name="list_receipt_pdf"),
    path("lister/<int:list_id>/godkend/", list_endings.list_approve, name="list_approve"),
    path("lister/<int:list_id>/afvis/", list_endings.list_reject, name="list_reject"),
    path("lister/<int:list_id>/traek-tilbage/", list_endings.list_withdraw, name="list_withdraw"),
    path("lister/<int:list_id>/fortryd/", list_endings.list_undo, name="list_undo"),
    path("borgere/indlaes/", citizen_imports.citizen_import, name="citizen_import"),
    *reference_addresses(),
]
