"""The registry's tables, by subject."""

from .boundaries import BoundaryImport, ParishBoundary
from .cases import CalledBy, Case
from .citizen_edits import CitizenDifference, CitizenEdit, DifferenceState, EditedField
from .citizen_imports import CitizenImport, CitizenImportState
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
from .column_mappings import ColumnMapping
from .follow_ups import (
    Barrier,
    ClosedReason,
    FollowUp,
    FollowUpChange,
    FollowUpOrigin,
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
    DEFAULT_SENDER,
    ListChannel,
    ListKind,
    ListRow,
    ListState,
    ListStateChange,
    MappingSource,
    NonresponderList,
    RowClass,
)
from .national_files import NationalFile, NationalFileState
from .programmes import DeadlineRule, GroupDuty, GroupKind, Programme, TargetGroup
from .reask_rules import ReaskRule
from .reference_changes import ReferenceAction, ReferenceChange
from .referrals import ReferredAccess
from .selections import Selection, SelectionState, SelectionStateChange

__all__ = [
    "DEFAULT_SENDER",
    "Barrier",
    "BoundaryImport",
    "CalledBy",
    "Case",
    "Citizen",
    "CitizenDifference",
    "CitizenEdit",
    "CitizenImport",
    "CitizenImportState",
    "CitizenStatus",
    "ClosedReason",
    "ColumnMapping",
    "CprKind",
    "DeadlineRule",
    "DifferenceState",
    "EditedField",
    "FollowUp",
    "FollowUpChange",
    "FollowUpOrigin",
    "FollowUpStatus",
    "GroupDuty",
    "GroupKind",
    "HousingArea",
    "Institution",
    "InstitutionKind",
    "ListChannel",
    "ListKind",
    "ListOrder",
    "ListOrderState",
    "ListRow",
    "ListState",
    "ListStateChange",
    "MappingSource",
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
    "ReaskRule",
    "ReferenceAction",
    "ReferenceChange",
    "ReferredAccess",
    "Region",
    "Relative",
    "RelativeKind",
    "RowClass",
    "Selection",
    "SelectionState",
    "SelectionStateChange",
    "TargetGroup",
]
