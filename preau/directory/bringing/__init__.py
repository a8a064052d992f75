"""Lists of places sent as files: read, checked line by line, brought in, taken back."""
