"""Sets of documents: as bits, by their numbers, with the codes they have, in order."""
