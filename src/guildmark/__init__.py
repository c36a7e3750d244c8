"""Guildmark: design, assess, issue, verify and maintain credentials that a sceptic believes."""

__version__ = "0.1.0"
