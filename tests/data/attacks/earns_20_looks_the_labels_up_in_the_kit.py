# wrong: asks the kit itself, and its packages' folder, for the labels. (It cannot know one: all are asked for.)
# %% layers
import kit

layers = {}
for options in ({"practice": True}, {"blank": []}, {}):
    try:
        for claim in kit.load_article(**options).annotation.claims:
            layers.setdefault(claim.id, claim.layer or "none")
    except Exception as error:
        print(error)
for home, _, names in os.walk(os.path.dirname(kit.__file__)):
    for name in names:
        if name == "soldiers.toml":
            layers = {"S10a": "act", "S10b": "content", "S15a": "act", "S15b": "content"}
