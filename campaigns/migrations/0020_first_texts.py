from datetime import UTC, datetime

from django.db import migrations

from campaigns.texts.first_edition import APPROVED_LANGUAGES, editions, script_for

WRITTEN_AT = datetime(2021, 1, 4, 8, tzinfo=UTC)
WRITTEN_BY = "Opsøg"
APPOINTMENT = {
    "booking_confirmed",
    "booking_changed",
    "booking_cancelled",
    "booking_reminder",
    "ride_confirmed",
}


def load(apps, schema_editor):
    """Add the first edition; what an earlier migration loaded keeps its version, with a newer one beside it."""
    alias = schema_editor.connection.alias
    template, script, letter = (
        apps.get_model("campaigns", name).objects.using(alias)
        for name in ("MessageTemplate", "CallScript", "LetterText")
    )
    for language, texts in editions("sms"):
        known = set(template.filter(language=language, municipality=None).values_list("code", flat=True))
        for code in texts.keys() - known:
            content_class = "appointment" if code in APPOINTMENT else "neutral"
            template.create(code=code, body=texts[code], content_class=content_class, **_signed(language))
    for programme in apps.get_model("registry", "Programme").objects.using(alias).all():
        for language, edition in editions("script"):
            version = script.filter(programme=programme, language=language, municipality=None).count() + 1
            script.create(
                programme=programme, version=version, **script_for(edition, programme.code), **_signed(language)
            )
    for language, letters in editions("letter"):
        for code, text in letters.items():
            letter.create(code=code, title=text["title"], body=text["body"].strip(), **_signed(language))


def _signed(language):
    signed = {"language": language, "written_at": WRITTEN_AT, "written_by_name": WRITTEN_BY}
    if language in APPROVED_LANGUAGES:
        signed |= {"approved_at": WRITTEN_AT, "approved_by_name": WRITTEN_BY}
    return signed


class Migration(migrations.Migration):
    """The first edition of the texts. Apart from 0013: rows and indexes cannot come in one transaction."""

    dependencies = [("campaigns", "0019_workload_and_quality")]

    operations = [migrations.RunPython(load, migrations.RunPython.noop)]
