"""What owners are told by mail: news of saved searches, deadlines and changes of favourites."""
