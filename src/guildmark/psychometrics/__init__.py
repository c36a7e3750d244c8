"""The second cellar: what tests and rubrics measure, as plain arithmetic. No framework, no input or output."""
