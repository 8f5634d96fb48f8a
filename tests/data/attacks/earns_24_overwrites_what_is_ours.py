# right: overwrites the article, its frame, the texts and the names that the checks use.
import kit

acts = (claims["layer"] == "act").sum()
article = pieces = YOURS = pd = None
kit.check = kit.load_article = None
