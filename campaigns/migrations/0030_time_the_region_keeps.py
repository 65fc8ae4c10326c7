from django.db import migrations, models

# Requests of before the field: the time that stands is the region's own, unless it is a session's or the municipality's.
STANDING = """
UPDATE campaigns_bookingrequest SET kept_at = booked_at
WHERE state IN ('proposed', 'confirmed') AND NOT own AND session_id IS NULL
"""


class Migration(migrations.Migration):
    """The region is asked to cancel the time it keeps, also when another was asked for in between (K11)."""

    dependencies = [("campaigns", "0029_fagsamtale")]

    operations = [
        migrations.AddField("bookingrequest", "kept_at", models.DateTimeField(null=True)),
        # Forced row security would show the owner no row.
        migrations.RunSQL(
            [
                "ALTER TABLE campaigns_bookingrequest NO FORCE ROW LEVEL SECURITY",
                STANDING,
                "ALTER TABLE campaigns_bookingrequest FORCE ROW LEVEL SECURITY",
            ],
            migrations.RunSQL.noop,
        ),
    ]
