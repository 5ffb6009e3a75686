"""The charter that a new group's moderators and facilitators agree to, unless its owner writes another."""

CHARTER = """\
You keep this room so that people can speak in it. That is all your role is for.

1. Before you act, ask yourself whether a word would do. Say what you saw, not what someone is.
2. Act as mildly as works: a word, then a mute of a few minutes, then more. Removing someone is the last thing.
3. Give a reason, in plain words, to the one it concerns. Say what happens next and who they can write to.
4. Whatever you do is written down where the group can see it. Do nothing you would not stand by there.
5. What people say here, and that they are here, you tell nobody. What you read in reports
   stays among those who keep the room.
6. Do not act in a quarrel of your own. Ask another of those who keep the room.
7. You are not anyone's therapist or rescuer. When someone is in danger, tell them where help is, and
   tell the others who keep the room.
8. Look after yourself. You can step down at any time, without a reason.
"""
