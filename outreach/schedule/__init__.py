"""What runs by the clock: one row per job and slot, so that a second beat has no effect, and its heartbeat."""
