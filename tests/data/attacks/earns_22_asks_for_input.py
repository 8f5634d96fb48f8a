# error: asks a question, which nobody will answer.
acts = int(input("How many? "))
