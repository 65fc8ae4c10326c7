"""The two municipalities of the demo: real parishes, invented institutions and streets."""

from dataclasses import dataclass, field

from registry.models import HousingArea, Institution, InstitutionKind, Municipality

ISHOEJ = 183
HOEJE_TAASTRUP = 169


@dataclass(frozen=True)
class DemoInstitution:
    number: str
    name: str
    kind: InstitutionKind
    latitude: float
    longitude: float


@dataclass(frozen=True)
class DemoPlace:
    """What a municipality's synthetic people are made from. `groups` = citizens in each earliest group."""

    code: int
    population: int
    groups: dict[str, int]
    postal_code: str
    city: str
    parishes: dict[int, float] = field(default_factory=dict)
    housing_areas: tuple[tuple[str, float, float], ...] = ()
    institutions: tuple[DemoInstitution, ...] = ()


PLACES = {
    # The sizes of the groups are those of the memo's table [004].
    ISHOEJ: DemoPlace(
        code=ISHOEJ,
        population=23_000,
        groups={"1": 89, "2": 325, "3": 143, "7": 383, "8": 1041, "9": 2055},
        postal_code="2635",
        city="Ishøj",
        parishes={7151: 0.92, 7150: 0.08},
        housing_areas=(("Havrevænget", 55.6163, 12.3493), ("Byghaven", 55.6121, 12.3561)),
        institutions=(
            DemoInstitution("990101", "Plejecenter Rugmarken (opdigtet)", InstitutionKind.CARE_HOME, 55.6151, 12.3402),
            DemoInstitution("990102", "SOSU-skolen Vest (opdigtet)", InstitutionKind.SOSU, 55.6134, 12.3521),
            DemoInstitution("990103", "FGU Strandmarken (opdigtet)", InstitutionKind.FGU, 55.6102, 12.3588),
            DemoInstitution(
                "990104", "Erhvervsskolen Køgevej (opdigtet)", InstitutionKind.VOCATIONAL, 55.6189, 12.3366
            ),
            DemoInstitution("990105", "Kløverskolen (opdigtet)", InstitutionKind.SCHOOL, 55.6175, 12.3312),
        ),
    ),
    HOEJE_TAASTRUP: DemoPlace(
        code=HOEJE_TAASTRUP,
        population=5_000,
        groups={"1": 21, "2": 70, "3": 33, "7": 88, "8": 230, "9": 450},
        postal_code="2630",
        city="Taastrup",
        housing_areas=(("Lupinparken", 55.6521, 12.2772),),
        institutions=(
            DemoInstitution("990201", "Plejecenter Lindely (opdigtet)", InstitutionKind.CARE_HOME, 55.6512, 12.2917),
            DemoInstitution(
                "990202", "Gymnasiet Vestegnen (opdigtet)", InstitutionKind.UPPER_SECONDARY, 55.6498, 12.2688
            ),
        ),
    ),
}


def place_of(code: int, population: int | None = None) -> DemoPlace:
    """The demo's description of a municipality; one that has none gets the age profile of Ishøj.

    `population` scales every group; without it a described place has its own size and others 20,000.
    """
    described = PLACES.get(code)
    base = described or PLACES[ISHOEJ]
    size = population or (base.population if described else 20_000)
    share = size / base.population
    return DemoPlace(
        code=code,
        population=size,
        groups={group: max(1, round(count * share)) for group, count in base.groups.items()},
        postal_code=described.postal_code if described else "9999",
        city=described.city if described else Municipality.objects.get(code=code).name,
        parishes=dict(described.parishes) if described and described.parishes else _parishes_of(code),
        housing_areas=described.housing_areas if described else (),
        institutions=described.institutions if described else (),
    )


def _parishes_of(code: int) -> dict[int, float]:
    parishes = list(Municipality.objects.get(code=code).parishes.order_by("code").values_list("code", flat=True))
    return {parish: 1 / len(parishes) for parish in parishes}


def make_places(place: DemoPlace) -> None:
    """Write the place's housing areas and institutions, labelled as invented. Repeatable."""
    parish = max(place.parishes, key=lambda code: place.parishes[code], default=None)
    for name, latitude, longitude in place.housing_areas:
        HousingArea.objects.update_or_create(
            municipality_id=place.code,
            name=name,
            defaults={"latitude": latitude, "longitude": longitude, "parish_id": parish, "invented": True},
        )
    for institution in place.institutions:
        Institution.objects.update_or_create(
            number=institution.number,
            defaults={
                "name": institution.name,
                "kind": institution.kind,
                "municipality_id": place.code,
                "parish_id": parish,
                "latitude": institution.latitude,
                "longitude": institution.longitude,
                "invented": True,
            },
        )
