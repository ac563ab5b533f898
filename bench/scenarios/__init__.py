"""What is measured, one file a question. Each says what it does not show."""
