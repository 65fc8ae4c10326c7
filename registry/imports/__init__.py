"""The one pipeline for files of people: read in a bounded child → columns → COPY → match → review."""
