"""Proof suites of Data Integrity."""
