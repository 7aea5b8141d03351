"""Who looks at the pages of a benchmark."""

PERSON = "bench@example.com"
