"""Facts to words and pictures: bulletins, their templates, and files to keep."""
