from django.db import migrations, models

NOW_FUNCTION = """
CREATE FUNCTION outreach_now() RETURNS timestamptz LANGUAGE sql STABLE AS $$
    SELECT coalesce(
        (SELECT least(
            shown_time + (now() - resumed_at),
            (date_trunc('day', shown_time AT TIME ZONE 'Europe/Copenhagen') + interval '23 hours 59 minutes')
                AT TIME ZONE 'Europe/Copenhagen')
         FROM clock_storedclock WHERE id = 1),
        now())
$$
"""


class Migration(migrations.Migration):
    initial = True
    dependencies: list = []

    operations = [
        migrations.CreateModel(
            name="StoredClock",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("shown_time", models.DateTimeField()),
                ("resumed_at", models.DateTimeField()),
            ],
            options={"constraints": [models.CheckConstraint(condition=models.Q(("id", 1)), name="clock_single_row")]},
        ),
        migrations.RunSQL(NOW_FUNCTION, "DROP FUNCTION outreach_now()"),
    ]
