"""Synthetic citizens as columns: ages by target group, households, phones, services and languages."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from .cpr_numbers import day_plus_60_numbers
from .places import DemoPlace

_NAMES = Path(__file__).parent / "data"
# Birth years of each earliest group, both included; "" = everybody younger.
_BIRTH_YEARS = {"1": (1925, 1950), "2": (1926, 1955), "3": (1921, 1936), "7": (1937, 1941), "8": (1942, 1946)}
_BIRTH_YEARS |= {"9": (1947, 1956), "": (1957, 2020)}
_LANGUAGES = ["da", "tr", "ar", "ur", "so", "pl", "en"]
_LANGUAGE_SHARES = [0.80, 0.07, 0.045, 0.04, 0.015, 0.02, 0.01]
_NAMES_BY_LANGUAGE = {
    "tr": (["Ayşe", "Fatma", "Zeynep", "Elif"], ["Mehmet", "Mustafa", "Ali", "Emre"], ["Yilmaz", "Kaya", "Demir"]),
    "ar": (["Amal", "Layla", "Mariam", "Noor"], ["Omar", "Hassan", "Khaled", "Sami"], ["Haddad", "Saleh", "Nasser"]),
    "ur": (["Saima", "Nadia", "Ayesha", "Sana"], ["Imran", "Bilal", "Usman", "Tariq"], ["Khan", "Malik", "Butt"]),
    "so": (["Hodan", "Fadumo", "Sahra", "Ifrah"], ["Abdi", "Yusuf", "Liban", "Guled"], ["Warsame", "Jama", "Farah"]),
    "pl": (["Agnieszka", "Ewa", "Marta"], ["Piotr", "Krzysztof", "Marek"], ["Nowak", "Wójcik", "Kamiński"]),
    "en": (["Grace", "Emily", "Sarah"], ["George", "Daniel", "Peter"], ["Okafor", "Smith", "Fernandes"]),
}
_STREETS = ["Havrevænget", "Byghaven", "Rugmarken", "Kløvervangen", "Hvedestien", "Lupinparken", "Sennepsgangen"]


def make_people(place: DemoPlace, rng: np.random.Generator) -> pd.DataFrame:
    """The municipality's citizens with the columns of a citizen file (contract), and `group` beside them.

    `group` is the earliest target group by age and services; it is not in the citizen file.
    """
    people = _born(place, rng)
    people = _housed(people, place, rng)
    people["language"] = rng.choice(_LANGUAGES, len(people), p=_LANGUAGE_SHARES)
    people["navn"] = _names(people, rng)
    _give_services(people, rng)
    _give_phones(people, rng)
    _give_relatives(people, rng)
    return people


def _born(place: DemoPlace, rng: np.random.Generator) -> pd.DataFrame:
    sizes = dict(place.groups)
    sizes[""] = place.population - sum(sizes.values())
    groups = np.repeat(list(sizes), list(sizes.values()))
    births = []
    for group, size in sizes.items():
        first, last = (date(year, 1, 1) for year in (_BIRTH_YEARS[group][0], _BIRTH_YEARS[group][1] + 1))
        days = rng.integers(0, (last - first).days, size)
        births += [first + timedelta(days=int(day)) for day in days]
    women = rng.random(len(births)) < 0.51
    return pd.DataFrame(
        {"group": groups, "birth_date": births, "woman": women, "cpr": day_plus_60_numbers(births, women.tolist())}
    )


def _housed(people: pd.DataFrame, place: DemoPlace, rng: np.random.Generator) -> pd.DataFrame:
    """Neighbours in age share an address now and then: couples, and children with somebody."""
    people = people.sort_values("birth_date", kind="stable").reset_index(drop=True)
    shares = rng.random(len(people)) < 0.42
    care_home = people["group"] == "1"
    # A person who shares lives with the one before in the order, unless that one shares as well.
    joins = shares & ~np.roll(shares, 1) & ~care_home & ~np.roll(care_home, 1)
    joins[0] = False
    household = np.cumsum(~joins)
    streets = np.array(_STREETS)[household % len(_STREETS)]
    floors = np.array(["st.", "1.", "2.", "3."])[household // 7 % 4]
    sides = np.array(["tv", "th"])[household // 28 % 2]
    numbers = household // 56 + 1
    people["adresse"] = [
        f"{street} {number}, {floor} {side}"
        for street, number, floor, side in zip(streets, numbers, floors, sides, strict=True)
    ]
    people.loc[care_home, "adresse"] = [f"Rugmarken 1, bolig {n + 1}" for n in range(int(care_home.sum()))]
    parishes = rng.choice(list(place.parishes), len(people), p=list(place.parishes.values()))
    people["sognekode"] = [f"{parish:04d}" for parish in parishes[household - 1]]
    people["household"] = household
    people["postnr"], people["by"] = place.postal_code, place.city
    return people


def _names(people: pd.DataFrame, rng: np.random.Generator) -> list[str]:
    women, men, surnames = ((_NAMES / f"{name}.txt").read_text().split() for name in ("women", "men", "surnames"))
    names = []
    picks = rng.integers(0, 1_000_000, (len(people), 3))
    for woman, language, (first, middle, last) in zip(people["woman"], people["language"], picks, strict=True):
        her, his, family = _NAMES_BY_LANGUAGE.get(language, (women, men, surnames))
        given = her if woman else his
        second = f" {surnames[middle % len(surnames)]}" if language == "da" and middle % 3 == 0 else ""
        names.append(f"{given[first % len(given)]}{second} {family[last % len(family)]}")
    return names


def _give_services(people: pd.DataFrame, rng: np.random.Generator) -> None:
    group = people["group"]
    some_help = (people["birth_date"] < date(1950, 1, 1)) & (rng.random(len(people)) < 0.12)
    # Both services together from 65 years are group 2, so nobody else gets the two.
    people["plejehjem"] = group == "1"
    people["personlig_pleje"] = group.isin(["1", "2"])
    people["praktisk_hjaelp"] = (group == "2") | (some_help & ~group.isin(["1", "2"]))
    people["hjemmesygepleje"] = rng.random(len(people)) < np.where(group.isin(["1", "2", "3"]), 0.3, 0.01)
    people["tolk"] = (people["language"] != "da") & (rng.random(len(people)) < 0.25)
    people["digital_post_fritaget"] = rng.random(len(people)) < np.where(
        people["birth_date"] < date(1947, 1, 1), 0.3, 0.04
    )
    people["adressebeskyttet_til"] = np.where(rng.random(len(people)) < 0.006, "2031-12-31", "")
    people["cpr_status"] = "01"


def _give_phones(people: pd.DataFrame, rng: np.random.Generator) -> None:
    old = people["birth_date"] < date(1947, 1, 1)
    child = people["birth_date"] > date(2009, 1, 1)
    draw = rng.random(len(people))
    has_mobile = (draw < np.where(old, 0.66, 0.91)) & ~child
    has_landline = (rng.random(len(people)) < np.where(old, 0.45, 0.05)) & ~child
    mobiles = 20_000_000 + rng.choice(9_000_000, len(people), replace=False)
    landlines = 43_000_000 + rng.choice(900_000, len(people), replace=len(people) > 900_000)
    people["mobil"] = np.where(has_mobile, mobiles.astype(str), "")
    people["telefon"] = np.where(has_landline, landlines.astype(str), "")


def _give_relatives(people: pd.DataFrame, rng: np.random.Generator) -> None:
    for column in ("vaerge_navn", "vaerge_telefon", "paaroerende_navn", "paaroerende_telefon"):
        people[column] = ""
    frail = np.flatnonzero(people["group"].isin(["1", "2"]))
    with_relative = frail[rng.random(len(frail)) < 0.6]
    numbers = 30_000_000 + rng.choice(900_000, len(with_relative), replace=False)
    people.loc[with_relative, "paaroerende_navn"] = [
        "Lone " + name.split()[-1] for name in people.loc[with_relative, "navn"]
    ]
    people.loc[with_relative, "paaroerende_telefon"] = numbers.astype(str)
    with_guardian = frail[rng.random(len(frail)) < 0.02]
    people.loc[with_guardian, "vaerge_navn"] = "Advokat Birgit Eksempel"
    people.loc[with_guardian, "vaerge_telefon"] = "33000000"


CITIZEN_FILE_COLUMNS = [
    "cpr", "navn", "adresse", "postnr", "by", "sognekode", "telefon", "mobil", "sprog", "tolk", "plejehjem",
    "personlig_pleje", "praktisk_hjaelp", "hjemmesygepleje", "vaerge_navn", "vaerge_telefon", "paaroerende_navn",
    "paaroerende_telefon", "digital_post_fritaget", "adressebeskyttet_til", "cpr_status",
]  # fmt: skip


def write_citizen_file(people: pd.DataFrame, path: Path) -> None:
    """The people as the municipality's own system would hand them over: semicolons, UTF-8, ja/nej."""
    columns = people.assign(sprog=people["language"])[CITIZEN_FILE_COLUMNS].copy()
    for column in columns.select_dtypes("bool").columns:
        columns[column] = np.where(columns[column], "ja", "nej")
    columns.to_csv(path, sep=";", index=False)
