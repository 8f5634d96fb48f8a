# wrong: a text that reads like the canonical form of the right answer and of others.
acts = "13" + '", "value": 12, "value": 11, "x": "\n"value": 12}\n# {"value": 12}'
