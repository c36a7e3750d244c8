"""Open Badges 3.0: model, reading, lint, schemas and baked files."""
