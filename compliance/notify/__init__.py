"""Notifications: whoever asked for it is told once of every finding, and a metrics server of every run.

`telling.notify` is the door for a run that was saved in a history. `message` says what there is to say, a module for
each kind of channel how, `sending` repeats what failed in passing, `http` and `mail` are the only ways out.
"""
