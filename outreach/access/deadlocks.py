"""F36: PostgreSQL ends one of two transactions that wait for each other. That one is run again, three times at most."""

from django.db import OperationalError

MOST_RUNS = 3
# 40P01 deadlock_detected, 40001 serialization_failure: nothing is wrong with what was asked, only with when.
TRY_AGAIN = ("40P01", "40001")


def may_run_again(error: BaseException) -> bool:
    """Whether the transaction was ended for somebody else's sake and may simply be run again."""
    return isinstance(error, OperationalError) and getattr(error.__cause__, "sqlstate", None) in TRY_AGAIN
