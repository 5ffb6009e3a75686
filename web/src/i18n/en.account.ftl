## Accounts and keys

register-title = Make an account
register-intro = It takes a name to log in with, and some words only you know.
register-lost-title = Please keep these safe
register-lost = We have no email address of yours to write to. If you lose your passphrase, nobody can get it back, and your groups have to invite you again.
register-do = Make my account
# Shown for the few seconds it takes to make the passphrase hard to guess.
register-busy = Making your account
register-login = I have an account already
login-title = Welcome back
login-intro = What was said before is kept only on the device where you read it.
login-do = Log in
login-busy = Checking
login-register = Make a new account
handle-label = Name to log in with
handle-hint = Your groups never see it. Small letters a to z, digits and hyphens, 3 to 32 of them.
passphrase-label = Passphrase
passphrase-hint = Four or five ordinary words are good: easy for you, hard for others.
passphrase-show = Show
passphrase-hide = Hide
passphrase-short = Please use at least { $count } characters. A few words more will do.
passphrase-empty = Please write your passphrase.

## Keys

keys-title = What the keys do
key-enter = Enter
key-enter-does = Sends your message, on a computer
key-newline = Shift and Enter
key-newline-does = Starts a new line
key-tab = Tab
key-tab-does = Goes to the next thing
key-scroll = Arrows, Page up, Page down, Home, End
key-scroll-does = Read back, when the conversation has the focus
key-message = Arrows up and down
key-message-does = Go from message to message, when the three dots of one have the focus
key-escape = Escape
key-escape-does = Closes what is open
key-exit = Shift, three times quickly
key-exit-does = Leaves this page at once
key-help = ?
key-help-does = Shows this list, when you are not writing

# The text a new group starts from, one rule a line. Six short lines, each of at most 90 characters.
rules-start =
    What is said here stays here, and so does who is here.
    We meet each other with respect. Nobody has to explain or defend what they feel.
    Say what helped you. None of us gives medical advice; that is for professionals.
    We share the time, so that everyone has a chance to speak.
    You can pass, always. No reason needed.
    Rest, step out, come back. Your place stays.
# The text a new group's charter starts from: what those who look after the group agree to. One rule a line.
charter-start =
    I look after the room, I do not rule it.
    I speak with someone before I mute or remove them, whenever there is time.
    I give a reason, in plain and kind words.
    I do not act where I am part of the quarrel. I ask someone else who looks after the group.
    What I read in reports stays between those who look after the group.
    When I am tired or ill I step back. Someone else takes over.
