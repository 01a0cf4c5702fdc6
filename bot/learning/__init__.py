"""The ranker's school: how a model is made, in a process of its own."""
