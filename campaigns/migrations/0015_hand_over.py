import django.db.models.deletion
from django.db import migrations, models

STATUSES = [("queued", "I kø"), ("handing_over", "Ved at blive afleveret"), ("accepted", "Afleveret til operatøren"), ("sent", "Sendt"), ("delivered", "Modtaget på telefonen"), ("undelivered", "Ikke modtaget"), ("failed", "Kunne ikke sendes"), ("in_doubt", "Usikker"), ("cancelled", "Annulleret"), ("expired", "Udløbet")]


class Migration(migrations.Migration):
    """Hand-over to a gateway: what a message is for, expiry, sending again what stayed uncertain (S5)."""

    dependencies = [
        ("campaigns", "0014_waves"),
    ]

    operations = [
        migrations.AddField(
            model_name="smsmessage",
            name="again_of",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name="sent_again", to="campaigns.smsmessage"),
        ),
        migrations.AddField(
            model_name="smsmessage",
            name="expires_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="smsmessage",
            name="purpose",
            field=models.CharField(choices=[("first_contact", "Opfølgning"), ("wave", "Udsendelse"), ("reminder", "Påmindelse"), ("receipt", "Kvittering"), ("reply", "Svar")], default="first_contact", max_length=16),
        ),
        migrations.AlterField(
            model_name="smsmessage",
            name="status",
            field=models.CharField(choices=STATUSES, default="queued", max_length=14),
        ),
        migrations.AlterField(
            model_name="smsmessage",
            name="template",
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="campaigns.messagetemplate"),
        ),
        migrations.AlterField(
            model_name="smsstatuschange",
            name="status",
            field=models.CharField(choices=STATUSES, max_length=14),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(condition=models.Q(("status", "queued")), fields=["expires_at"], name="message_expiry"),
        ),
        migrations.AddIndex(
            model_name="smsmessage",
            index=models.Index(condition=models.Q(("status", "in_doubt")), fields=["handed_over_at"], name="message_in_doubt"),
        ),
    ]
