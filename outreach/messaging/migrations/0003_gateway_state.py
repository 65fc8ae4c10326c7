from django.db import migrations, models


class Migration(migrations.Migration):
    """The state of the line to each gateway: circuit breaker, rate, alarm (F16, F17)."""

    dependencies = [
        ("messaging", "0002_callbacks"),
    ]

    operations = [
        migrations.CreateModel(
            name="GatewayState",
            fields=[
                ("gateway", models.CharField(max_length=20, primary_key=True, serialize=False)),
                ("state", models.CharField(choices=[("running", "Sender"), ("paused", "Pause – operatøren svarer ikke"), ("stopped", "Standset – kontoen afvises")], default="running", max_length=8)),
                ("since", models.DateTimeField()),
                ("reason", models.CharField(blank=True, help_text="the gateway's code, or what happened", max_length=40)),
                ("danish", models.CharField(blank=True, max_length=200)),
                ("failures", models.PositiveIntegerField(default=0, help_text="in a row, without any answer in between")),
                ("probes", models.PositiveIntegerField(default=0, help_text="that failed since the line was closed")),
                ("probe_at", models.DateTimeField(null=True)),
                ("probing_until", models.DateTimeField(null=True)),
                ("slow_until", models.DateTimeField(null=True)),
                ("slowed", models.PositiveIntegerField(default=0, help_text="times in a row")),
                ("tokens", models.FloatField(default=0)),
                ("tokens_at", models.DateTimeField()),
            ],
        ),
    ]
