"""Addresses of the overview and the figures."""

from django.urls import path

from .views import list_order_draft, near_site, overview, status_note, uptake, uptake_import

app_name = "reports"
urlpatterns = [
    path("", overview.overview, name="overview"),
    path("tilslutning/", uptake.uptake, name="uptake"),
    path("tilslutning.csv", uptake.uptake_csv, name="uptake_csv"),
    path("tilslutning/indlaes/", uptake_import.uptake_import, name="uptake_import"),
    path("tilslutning/bestil-liste/", list_order_draft.list_order_draft, name="list_order_draft"),
    path("pop-up-steder/<int:site_id>/naer-ved/", near_site.near_site, name="near_site"),
    path("statusnotat/", status_note.status_note, name="status_note"),
    path("statusnotat.json", status_note.status_note_json, name="status_note_json"),
    path("statusnotat.csv", status_note.status_note_csv, name="status_note_csv"),
]
