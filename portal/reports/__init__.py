"""What was counted, told: the yearly report, ranking, statistics of an agency, unmet demand."""
