"""Change a municipality's contact plan, and see beforehand what the change would do to today's queue (K2, K3)."""

from .plans import put_window, save_plan, save_window
from .previewing import Preview, StepExample, preview_plan, preview_window

__all__ = ["Preview", "StepExample", "preview_plan", "preview_window", "put_window", "save_plan", "save_window"]
