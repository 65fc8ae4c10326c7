from django.db import migrations

# As Django's database cache expects it; `createcachetable` would need the owner at run time.
CREATE = """
CREATE TABLE access_throttle (
    cache_key varchar(255) NOT NULL PRIMARY KEY,
    value text NOT NULL,
    expires timestamptz NOT NULL
);
CREATE INDEX access_throttle_expires ON access_throttle (expires);
"""


class Migration(migrations.Migration):
    dependencies = [("access", "0001_initial")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE access_throttle")]
