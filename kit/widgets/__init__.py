"""Labelling by keys: views over plain answers. Everything can be done without them."""

from kit.widgets.cards import Labeller, label

__all__ = ["Labeller", "label"]
__dir__ = __all__.copy
