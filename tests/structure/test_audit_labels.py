"""Whatever the access log says was used has a Danish name there (A3)."""

import re
from pathlib import Path

from outreach.audit.models import SUBJECT_LABELS
from registry.resources.tables import tables

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"subject_kind=\"(\w+)\"")


def test_every_kind_of_subject_has_a_danish_name() -> None:
    named = {
        kind
        for app in ("registry", "campaigns", "popup_sites", "reports", "outreach")
        for path in (ROOT / app).rglob("*.py")
        for kind in NAMED.findall(path.read_text(encoding="utf-8"))
    }
    assert len(named) > 15
    assert not named - SUBJECT_LABELS.keys()


def test_every_table_of_reference_data_has_a_danish_name_in_the_log() -> None:
    assert not {table.model._meta.model_name for table in tables()} - SUBJECT_LABELS.keys()
