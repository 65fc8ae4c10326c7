"""SMS waves from draft to result (S3, S4): previewed, approved by a second person, queued in batches, held, ended."""

from .deciding import approve_wave, decision_refusal, reject_wave
from .drafting import WaveContent, change_wave, create_wave, delete_draft, send_for_approval, take_back
from .previewing import WavePreview, preview_wave
from .queueing import queue_batch
from .running import advance_wave, cancel_wave, hold_wave, release_wave
from .settings import decide_four_eyes_off, set_wave_settings, wave_settings
from .specs import WaveSpec, spec_of

__all__ = [
    "WaveContent",
    "WavePreview",
    "WaveSpec",
    "advance_wave",
    "approve_wave",
    "cancel_wave",
    "change_wave",
    "create_wave",
    "decide_four_eyes_off",
    "decision_refusal",
    "delete_draft",
    "hold_wave",
    "preview_wave",
    "queue_batch",
    "reject_wave",
    "release_wave",
    "send_for_approval",
    "set_wave_settings",
    "spec_of",
    "take_back",
    "wave_settings",
]
