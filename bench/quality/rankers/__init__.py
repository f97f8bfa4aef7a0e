"""Our engine and its peers, each made into the same thing: a function from a query to ids."""
