"""Hand queued messages to the gateway, at most once each, whatever dies on the way (S5)."""

from ..opt_outs import opt_out
from .dispatching import dispatch_due
from .sweeping import sweep_in_doubt

__all__ = ["dispatch_due", "opt_out", "sweep_in_doubt"]
