"""The tables of figures."""

from .uptake import FollowUpSummary, UptakeFigure, UptakeKind, UptakeSnapshot

__all__ = ["FollowUpSummary", "UptakeFigure", "UptakeKind", "UptakeSnapshot"]
