"""What may help to lift a blockage: computed when read, never stored, explained line by line.

`engine.suggest` gathers three sources (`library`, `competent`, `places`) and weighs them with the
one table of `weights`; `decisions` says what people have made of them.
"""
