"""An article of one's own: drafted, corrected on screen, compared, exported."""
