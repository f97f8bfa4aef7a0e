"""How well searches find what owners need: judged queries, measures, and the peers beside us."""
