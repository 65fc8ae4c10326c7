"""What the app reads: uptake, the status note, the overview."""
