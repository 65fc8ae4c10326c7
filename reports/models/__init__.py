"""The tables of figures."""

from .uptake import FollowUpSummary, ListGroupSummary, UptakeFigure, UptakeKind, UptakeSnapshot

__all__ = ["FollowUpSummary", "ListGroupSummary", "UptakeFigure", "UptakeKind", "UptakeSnapshot"]
