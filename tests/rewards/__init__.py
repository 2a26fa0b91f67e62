"""What is owed and what was given, held against rules that are told a second time, plainly."""
