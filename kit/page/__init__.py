"""What a page knows of its own cells: what ran, what failed, and whether a check looks at what the answer now makes."""
