"""The client of the people's side: persons, groups and a director for tests and scripts."""
