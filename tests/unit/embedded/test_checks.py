import pytest
from django.db import connections

from outreach.embedded.checks import check_app_role, refuse_unsafe_start
from outreach.embedded.owner import owner_as_default


@pytest.mark.django_db
def test_app_role_is_accepted():
    assert check_app_role(databases=["default"]) == []
    refuse_unsafe_start()


@pytest.mark.django_db(transaction=True)
def test_owner_in_database_url_is_refused():
    with owner_as_default():
        texts = [error.msg for error in check_app_role(databases=["default"])]
        with pytest.raises(SystemExit, match="Refused to start"):
            refuse_unsafe_start()
    assert any("owns tables" in text for text in texts)
    assert any("bypasses row-level security" in text for text in texts)


@pytest.mark.django_db
def test_app_role_cannot_change_tables():
    from django.db import ProgrammingError, transaction

    for statement in ("CREATE TABLE mine (id int)", "ALTER TABLE access_user ADD COLUMN mine int"):
        with pytest.raises(ProgrammingError, match=r"permission denied|must be owner"), transaction.atomic():
            connections["default"].cursor().execute(statement)


@pytest.mark.django_db
def test_app_role_may_copy_into_temporary_tables():
    with connections["default"].cursor() as cursor:
        cursor.execute("CREATE TEMP TABLE staged (id int) ON COMMIT DROP")
        with cursor.copy("COPY staged FROM STDIN") as copy:
            copy.write_row([1])
        cursor.execute("SELECT count(*) FROM staged")
        assert cursor.fetchone() == (1,)
