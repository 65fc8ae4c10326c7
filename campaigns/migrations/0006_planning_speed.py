from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0005_earlier_contacts"), ("registry", "0013_review_pages")]

    operations = []
