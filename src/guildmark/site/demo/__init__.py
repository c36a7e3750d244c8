"""The demo academy: invented people and work, made through the same actions as everything else, on a set clock."""
