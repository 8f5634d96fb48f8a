"""A course on an article of the teacher's own: the kit's lessons and exercises, with other words in places.

A generic cell is taken over as it stands. For each cell that speaks of the kit's article there is a template of the
cell's name in `templates/`. The keys stay with the teacher; students get an edition of the article without them.
"""
