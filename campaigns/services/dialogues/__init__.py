"""Talks with a health professional: passing citizens on, taking a talk, and what came of it (K6)."""
