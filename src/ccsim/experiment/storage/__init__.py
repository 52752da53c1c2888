"""Files: folders of results, the cache of replications, and how they are written."""
