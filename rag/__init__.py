"""Cited, checked answers over research reports."""

__version__ = "0.1.0"
