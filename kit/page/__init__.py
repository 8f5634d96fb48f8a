"""What a page knows of itself: what its cells did, whether a check looks at what the answer now makes, which answers
are half typed, and what a teacher has chosen for its class."""
