"""Child processes that never outlive their parent, and how they are stopped."""

import contextlib
import ctypes
import os
import signal
import subprocess
import sys
from collections.abc import Callable

PR_SET_PDEATHSIG = 1


def dies_with_parent(death_signal: signal.Signals) -> Callable[[], None] | None:
    """Return a function for `preexec_fn`: the kernel sends `death_signal` to the child when its parent dies."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None, use_errno=True)
    parent = os.getpid()

    def ask_kernel() -> None:
        library.prctl(PR_SET_PDEATHSIG, death_signal)
        if os.getppid() != parent:  # it died before we could ask
            os._exit(1)

    return ask_kernel


def stop_child(child: subprocess.Popen[bytes], stop_signal: signal.Signals, seconds: float) -> None:
    """Send `stop_signal` and wait; after `seconds` kill."""
    if child.poll() is not None:
        return
    child.send_signal(stop_signal)
    try:
        child.wait(seconds)
    except subprocess.TimeoutExpired:
        child.kill()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(5)
