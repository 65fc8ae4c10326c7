"""Many citizens with phones and follow-ups, made in SQL in a data folder of its own; for the scripts beside this file.

Run a script with OUTREACH_VAR set to a folder of its own:

    OUTREACH_VAR=/tmp/bench .venv/bin/python tests/benchmarks/planner.py 1000000
"""

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "outreach.settings")
if "OUTREACH_VAR" not in os.environ:
    sys.exit("Set OUTREACH_VAR to a folder of its own: this fills a database.")

from outreach.embedded import ensure_servers

ensure_servers()

import django

django.setup()

from django.core.management import call_command
from django.db import connections

CITIZENS = """
INSERT INTO registry_citizen (municipality_id, cpr_ciphertext, cpr_index, cpr_kind, name, sort_name, search_name,
    birth_date, sex, address, postal_code, city, household_key, email, language, needs_interpreter, care_home,
    personal_care, practical_help, home_nursing, digital_post_exempt, protected, status, created_at, updated_at)
SELECT 183, sha256(g::text::bytea), sha256(g::text::bytea), 'replacement', 'Bo Prøve ' || g, g, g, '1950-01-01', 'M',
    '', '2635', 'Ishøj', 'vej ' || g / 2, '', CASE WHEN g %% 20 = 0 THEN 'so' ELSE 'da' END, false, false, false, false,
    false, false, false, 'active', '2021-04-20 17:00Z', '2021-04-20 17:00Z'
FROM generate_series(1, %(number)s) g
"""
PHONES = """
INSERT INTO registry_phone (municipality_id, citizen_id, number_ciphertext, number_index, kind, source, found_by_name,
    found_at, wrong_reason)
SELECT 183, id, sha256(id::text::bytea), sha256(id::text::bytea),
    CASE WHEN id %% 5 = 0 OR %(landlines)s THEN 'landline' ELSE 'mobile' END, 'system', '', '2021-04-01', ''
FROM registry_citizen WHERE id %% 10 <> 9 OR %(landlines)s
"""
FOLLOW_UPS = """
INSERT INTO registry_followup (municipality_id, citizen_id, programme_id, target_group, mandatory, weeks_on_list,
    status, closed_reason, opened_at, first_contact_due, answer_due, outcome, barrier, call_attempts, sms_sent,
    letters_sent, next_step_kind, next_step_at, next_step_reason, next_step_detail, updated_at)
SELECT 183, id, (SELECT id FROM registry_programme WHERE code = 'covid-19'), '7', id % 3 > 0, 1, 'open', '',
    '2021-04-20 19:00Z', '2021-04-27'::date + (id % 10)::int, '2021-05-11', '', '', 0, 0, 0, 'wait',
    '2021-04-20 19:00Z', 'to_be_planned', '{}', '2021-04-20 19:00Z'
FROM registry_citizen
"""


def fill(number: int, *, landlines: bool = False) -> None:
    """Migrate the folder's database and put `number` citizens with an unplanned follow-up each into Ishøj.

    A tenth has no phone and a fifth no mobile; with `landlines` everybody has a landline only.
    """
    call_command("migrate", verbosity=0, interactive=False)
    with connections["owner"].cursor() as cursor:
        cursor.execute("TRUNCATE registry_citizen, registry_followup, campaigns_calltask CASCADE")
        cursor.execute(CITIZENS, {"number": number})
        cursor.execute(PHONES, {"landlines": landlines})
        cursor.execute(FOLLOW_UPS)
        cursor.execute("ANALYZE")
