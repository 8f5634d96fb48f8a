"""A first annotation of a news article: who says what, found by rules over the text alone, for a person to correct."""
