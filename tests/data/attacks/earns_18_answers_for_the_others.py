# wrong: assigns the answers of all other questions, which counts for nothing, and leaves those wrong.
acts = int("13")
several = counts = 23
# %% counts
acts = int("13")
counts = claims.groupby("paragraph").size().to_frame("act").assign(content=1)
acts = 13
