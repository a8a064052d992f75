"""From the facts of an occupation and the text of a model to the words of an agreement."""
