"""The registry's tables, by subject."""

from .boundaries import BoundaryImport, ParishBoundary
from .citizens import (
    Citizen,
    CitizenStatus,
    CprKind,
    Phone,
    PhoneKind,
    PhoneSource,
    PreviousNumber,
    Relative,
    RelativeKind,
)
from .follow_ups import (
    Barrier,
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpStatus,
    NextStepKind,
    Outcome,
)
from .geography import (
    HousingArea,
    Institution,
    InstitutionKind,
    Municipality,
    MunicipalityRegion,
    Parish,
    ParishMunicipality,
    Region,
)
from .list_orders import ListOrder, ListOrderState
from .lists import (
    CitizenImport,
    ListKind,
    ListRow,
    ListState,
    ListStateChange,
    NonresponderList,
    RowClass,
)
from .national_files import NationalFile, NationalFileState
from .programmes import DeadlineRule, GroupKind, Programme, TargetGroup
from .reference_changes import ReferenceAction, ReferenceChange

__all__ = [
    "Barrier",
    "BoundaryImport",
    "Citizen",
    "CitizenImport",
    "CitizenStatus",
    "ClosedReason",
    "CprKind",
    "DeadlineRule",
    "FollowUp",
    "FollowUpChange",
    "FollowUpStatus",
    "GroupKind",
    "HousingArea",
    "Institution",
    "InstitutionKind",
    "ListKind",
    "ListOrder",
    "ListOrderState",
    "ListRow",
    "ListState",
    "ListStateChange",
    "Municipality",
    "MunicipalityRegion",
    "NationalFile",
    "NationalFileState",
    "NextStepKind",
    "NonresponderList",
    "Outcome",
    "Parish",
    "ParishBoundary",
    "ParishMunicipality",
    "Phone",
    "PhoneKind",
    "PhoneSource",
    "PreviousNumber",
    "Programme",
    "ReferenceAction",
    "ReferenceChange",
    "Region",
    "Relative",
    "RelativeKind",
    "RowClass",
    "TargetGroup",
]
