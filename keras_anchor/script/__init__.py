"""Scripts: plain text with cues, read, and rendered to films part by part."""
