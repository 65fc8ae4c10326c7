"""Hand queued messages to the gateway, at most once each, whatever dies on the way (S5)."""

from ..opt_outs import opt_out
from .dispatching import dispatch_due
from .doubts import mark_sent, send_again
from .reconciling import reconcile
from .sweeping import sweep_expired, sweep_in_doubt

__all__ = ["dispatch_due", "mark_sent", "opt_out", "reconcile", "send_again", "sweep_expired", "sweep_in_doubt"]
