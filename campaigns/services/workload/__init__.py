"""Count what contact takes, and keep the grant it is paid from (K12)."""

from .budgets import save_budget
from .counting import count_workload

__all__ = ["count_workload", "save_budget"]
