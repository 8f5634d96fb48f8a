# error: gives a text of a hundred million letters as an answer and shows it, too.
acts = "1" * 100_000_000
acts
