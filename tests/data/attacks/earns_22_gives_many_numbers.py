# wrong: one answer with every number in it.
import numpy

acts = numpy.arange(100)
