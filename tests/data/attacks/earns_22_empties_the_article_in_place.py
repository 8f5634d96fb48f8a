# wrong: changes the frame, the article and the texts themselves, so that less is asked.
acts = int("13")
article.annotation.__dict__.clear() if hasattr(article.annotation, "__dict__") else None
pieces.clear()
YOURS.clear()
article.claims["layer"] = "act"
claims = claims.copy()
# %% spans
spans = {"S10": [2, 3], "S11": [1], "S17": [1, 2, 3], "S19": [1, 2]}
pieces.clear()
