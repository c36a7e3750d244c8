"""Canonical forms: JCS (RFC 8785), RDFC-1.0 and the way from JSON-LD to quads."""
