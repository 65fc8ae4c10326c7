import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from registry.danish_order import SORT_KEY_SQL, search_key, sort_key


def test_sort_key_danish_alphabet_ends_with_ae_oe_aa() -> None:
    names = [
        "Åse",
        "Zenia",
        "Ærø",
        "Aase",
        "Ømer",
        "Abel",
        "Østen",
        "aalborg",
        "Ål",
        "Bo",
    ]
    assert sorted(names, key=sort_key) == [
        "Abel", "Bo", "Zenia", "Ærø", "Ømer", "Østen", "Ål", "aalborg", "Åse", "Aase",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Sjöberg", "Sjøberg"),
        ("André", "Andre"),
        ("Käte", "Kæte"),
        ("Müller", "Muller"),
        ("AA", "å"),
    ],
)
def test_sort_key_same_place(one: str, other: str) -> None:
    assert sort_key(one) == sort_key(other)


@pytest.mark.parametrize(
    ("name", "key"),
    [
        ("  Anne-Marie   SØRENSEN ", "anne marie sørensen"),
        ("Ærø Ågård", "ærø ågård"),
        ("A\u030agård", "ågård"),
        ("André Muñoz", "andre munoz"),
        ("O’Brien", "obrien"),
        ("Sjöberg", "sjøberg"),
        ("Łukasz", "lukasz"),
        ("Per\u200b Hansen\u00a0", "per hansen"),
        ("Ğül İnan", "gul inan"),
        ("", ""),
    ],
)
def test_search_key(name: str, key: str) -> None:
    assert search_key(name) == key


@given(st.text())
def test_search_key_is_stable(name: str) -> None:
    key = search_key(name)
    assert "  " not in key
    assert key == key.strip()
    assert search_key(key) == key


def test_search_key_keeps_prefixes_for_typing() -> None:
    name = "Jørgen Bøgh Aagaard"
    assert all(search_key(name).startswith(search_key(name[:length])) for length in range(len(name)))


@pytest.mark.django_db
@given(
    st.lists(
        st.text(st.characters(min_codepoint=1, max_codepoint=0x24F, exclude_categories=["Cs"])),
        max_size=50,
    )
)
def test_sort_key_equals_sql(names: list[str]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT {SORT_KEY_SQL.format(name='name')} FROM unnest(%s::text[]) AS name",
            [names],
        )
        assert [row[0] for row in cursor.fetchall()] == [sort_key(name) for name in names]
