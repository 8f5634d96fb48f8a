"""Practice that brings back what was hard: cards from the texts, a diary of answers, and when a card comes again."""
