"""Claims: what a person can do after a credential, in words that a stranger can check."""
