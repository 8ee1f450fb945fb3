"""Sessions driven as a person drives them: keys go in, and the screen is read."""
