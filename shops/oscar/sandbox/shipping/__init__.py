"""Oscar's shipping app with methods that cost something."""
