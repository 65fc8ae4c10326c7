"""A wave's preview over many citizens: every count, exclusion and segment, with where the time goes."""

import sys
import time
from datetime import UTC, datetime

from contact_data import fill
from django.db import connection, connections

from campaigns.selectors.waves_audience import AudienceQuery, count_audience
from campaigns.waves.audience import WaveFilter
from outreach.access.data_context import job_context
from registry.models import Programme

NUMBER = int(sys.argv[1]) if len(sys.argv) > 1 else 200_000
NOW = datetime(2021, 4, 20, 8, 30, tzinfo=UTC)

# First names as they are spread: some thousands of names, a few very common, some with letters outside GSM-7; a
# fiftieth shares a mobile with a neighbour.
NAMES = """
UPDATE registry_citizen SET name = (
    CASE WHEN id % 97 = 0 THEN 'Ayşe' WHEN id % 89 = 0 THEN 'Łukasz' ELSE
        initcap(translate(
            left(md5((floor(power(random(), 3) * 20000))::text), 3 + (id % 7)::int), '0123456789', 'aeiouyklmn'
        ))
    END) || ' ' || initcap(translate(left(md5(id::text), 6), '0123456789', 'aeiouyklmn')) || 'sen'
"""
SHARED = """
UPDATE registry_phone p SET number_index = other.number_index, number_ciphertext = other.number_ciphertext
FROM registry_phone other WHERE other.citizen_id = p.citizen_id + 1 AND p.citizen_id % 50 = 1
"""
CALLS = """
INSERT INTO campaigns_calltask (municipality_id, citizen_id, household_key, state, due_at, agreed_time, priority,
    language, attempts, tried_part, created_at)
SELECT 183, id, 'citizen:' || id, 'open', '2021-04-20 08:00Z', id % 40 = 0, 2, 'da', 0, 0, '2021-04-19'
FROM registry_citizen WHERE id % 10 = 3
"""


def world(number: int) -> None:
    """`number` citizens on the list with names, shared mobiles and a tenth in the call queue."""
    fill(number)
    with connections["owner"].cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        for each in (NAMES, SHARED, CALLS):
            cursor.execute(each)
        cursor.execute("VACUUM ANALYZE registry_citizen, registry_phone, registry_followup, campaigns_calltask")


if "--keep" not in sys.argv:
    world(NUMBER)
with connection.cursor() as cursor:
    cursor.execute("SELECT 1")
programme = Programme.objects.get(code="covid-19").pk
for names in ("none", "first", "whole"):
    query = AudienceQuery(183, programme, WaveFilter(), NOW, NOW, ("da", "en"), "da", names)
    started = time.monotonic()
    with job_context("wave", [183]):
        counts = count_audience(query)
    print(
        f"{names}: {time.monotonic() - started:.2f} s, {len(counts.recipients):,} kinds of name, "
        f"{counts.number:,} recipients, {counts.left_out}"
    )
