"""The library of texts: which version is used, and what people do with the versions."""

from .choosing import MessageTexts, approved_letter, approved_script, sendable_template

__all__ = ["MessageTexts", "approved_letter", "approved_script", "sendable_template"]
