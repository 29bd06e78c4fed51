"""hfscan finds Hugging Face credentials; `python -m hfscan` runs the program."""
