"""The settings are read in processes of their own: they are a module."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT_ROOT = Path(__file__).resolve().parents[3]
PRODUCTION = {
    "SECRET_KEY": "0123456789-abcdefghijklmnopqrstuvwxyz-ABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "FIELD_ENCRYPTION_KEYS": "1:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "BLIND_INDEX_KEYS": "1:AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
    "DATABASE_URL": "postgres://outreach_app:s@db:5432/outreach",
    "REDIS_URL": "redis://valkey:6379/0",
    "ALLOWED_HOSTS": "opsoeg.example",
}


def read_settings(expression: str, **environment: str) -> subprocess.CompletedProcess[str]:
    code = f"import json; from outreach import settings as s; print(json.dumps({expression}))"
    return subprocess.run(
        [sys.executable, "-c", code],
        cwd=PROJECT_ROOT,
        env={"PATH": os.defpath, **environment},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize("missing", ["SECRET_KEY", "FIELD_ENCRYPTION_KEYS", "DATABASE_URL", "REDIS_URL"])
def test_missing_name_is_said_with_what_to_do(missing: str):
    done = read_settings("1", **{name: value for name, value in PRODUCTION.items() if name != missing})
    assert f"{missing} is not set" in done.stderr
    assert "bin/manage" in done.stderr
    assert ".env.example" in done.stderr


def test_malformed_key_is_not_repeated():
    done = read_settings("1", **PRODUCTION | {"BLIND_INDEX_KEYS": "1:this-is-secret"})
    assert "BLIND_INDEX_KEYS must look like" in done.stderr
    assert "this-is-secret" not in done.stderr


def test_https_is_the_default():
    done = read_settings(
        "[s.SESSION_COOKIE_NAME, s.CSRF_COOKIE_NAME, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT, s.DEBUG]",
        **PRODUCTION,
    )
    assert json.loads(done.stdout) == ["__Host-session", "__Host-csrf", True, True, False]


def test_only_web_has_short_time_limits():
    options = "s.DATABASES['default']['OPTIONS']['options']"
    web = read_settings(options, OUTREACH_PROCESS="web", **PRODUCTION).stdout
    worker = read_settings(options, OUTREACH_PROCESS="worker", **PRODUCTION).stdout
    assert "lock_timeout=5s" in web
    assert "statement_timeout=30s" in web
    assert "timeout" not in worker


def test_policy_allows_nothing_foreign_or_inline():
    policy = json.loads(read_settings("s.CONTENT_SECURITY_POLICY['DIRECTIVES']", **PRODUCTION).stdout)
    assert policy["default-src"] == ["'none'"]
    sources = {source for found in policy.values() for source in found}
    assert sources == {"'none'", "'self'", "data:"}


def test_every_name_is_in_the_example():
    import re

    used = set(re.findall(r'(?:required|keys|database|env(?:\.\w+)?|environ\.get)\(\s*"([A-Z_]+)"', settings_source()))
    example = (PROJECT_ROOT / ".env.example").read_text(encoding="utf-8")
    assert not {name for name in used if name not in example}


def settings_source() -> str:
    return (PROJECT_ROOT / "outreach" / "settings.py").read_text(encoding="utf-8")
