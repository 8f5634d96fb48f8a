"""A class on one laptop: joining, handing in, and a board with votes."""
