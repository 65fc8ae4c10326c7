from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("campaigns", "0004_policies_and_texts"), ("registry", "0013_review_pages")]

    operations = []
