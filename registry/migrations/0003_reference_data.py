"""Load the facts in `registry/data/`: regions, municipalities, parishes, programmes, target groups."""

import csv
from datetime import date
from pathlib import Path

from django.db import migrations

DATA = Path(__file__).resolve().parent.parent / "data"
REGIONS_SINCE = date(2007, 1, 1)
# Hovedstaden and Sjælland merge on 1 January 2027; the new region has no official code here yet.
LAST_DAY_OF_TWO = date(2026, 12, 31)
MERGED_REGION = "Region Østdanmark"
MERGED_CODES = {1084, 1085}
COVID_SINCE = date(2020, 12, 27)
PROGRAMMES = [("covid-19", "Covid-19"), ("influenza", "Influenza"), ("pneumococcal", "Pneumokokker")]


def rows_of(name):
    with (DATA / name).open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def load_geography(apps, alias):
    region_model, municipality_model, placed_model, parish_model, share_model = (
        apps.get_model("registry", name)
        for name in ("Region", "Municipality", "MunicipalityRegion", "Parish", "ParishMunicipality")
    )
    municipalities = rows_of("municipalities.csv")
    regions = {}
    for code, name in sorted({(row["regionskode"], row["regionsnavn"]) for row in municipalities if row["regionskode"]}):
        regions[code] = region_model.objects.using(alias).create(
            code=int(code),
            name=name,
            valid_from=REGIONS_SINCE,
            valid_to=LAST_DAY_OF_TWO if int(code) in MERGED_CODES else None,
        )
    merged = region_model.objects.using(alias).create(name=MERGED_REGION, valid_from=date(2027, 1, 1))
    for row in municipalities:
        municipality = municipality_model.objects.using(alias).create(
            code=int(row["kommunekode"]), name=row["kommunenavn"], name_en=row["name_en"], kind=row["type"]
        )
        region = regions.get(row["regionskode"])
        if region is None:
            continue
        placed_model.objects.using(alias).create(
            municipality=municipality, region=region, valid_from=REGIONS_SINCE, valid_to=region.valid_to
        )
        if region.code in MERGED_CODES:
            placed_model.objects.using(alias).create(
                municipality=municipality, region=merged, valid_from=date(2027, 1, 1)
            )
    parishes, shares = [], []
    for row in rows_of("parishes.csv"):
        parishes.append(
            parish_model(
                code=int(row["sognekode"]),
                name=row["sognenavn"],
                main_municipality_id=int(row["kommunekode_main"]),
                longitude=float(row["lon"]),
                latitude=float(row["lat"]),
                area_km2=float(row["area_km2"]),
            )
        )
        for part in row["kommune_area_shares"].split("|"):
            code, share = part.split(":")
            shares.append(
                share_model(parish_id=int(row["sognekode"]), municipality_id=int(code), area_share=float(share))
            )
    parish_model.objects.using(alias).bulk_create(parishes)
    share_model.objects.using(alias).bulk_create(shares)


def load_programmes(apps, alias):
    programme_model, group_model, rule_model = (
        apps.get_model("registry", name) for name in ("Programme", "TargetGroup", "DeadlineRule")
    )
    programmes = {}
    for code, name in PROGRAMMES:
        programmes[code] = programme_model.objects.using(alias).create(code=code, name=name)
        rule_model.objects.using(alias).create(programme=programmes[code])
    for row in rows_of("target_groups.csv"):
        years = [int(year) for span in row["birth_years"].split("|") if span for year in span.split("-")]
        group_model.objects.using(alias).create(
            programme=programmes["covid-19"],
            code=row["code"],
            name=row["name"],
            order=int(row["order"]),
            kind=row["kind"],
            birth_years=years,
            valid_from=COVID_SINCE,
            mandatory_from=COVID_SINCE if row["mandatory"] == "yes" else None,
        )


def load(apps, schema_editor):
    alias = schema_editor.connection.alias
    load_geography(apps, alias)
    load_programmes(apps, alias)


class Migration(migrations.Migration):
    dependencies = [("registry", "0002_row_security")]
    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
