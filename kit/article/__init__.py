"""What a text holds: its claims, who stands behind each, and the rules by which they are labelled."""
