"""What teachers run, and no student imports. Only `kit.commands` names it."""
