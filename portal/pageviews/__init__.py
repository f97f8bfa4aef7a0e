"""Page views, searches and clicks: counted exactly, without knowing whose they are."""
