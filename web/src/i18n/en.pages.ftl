### Pages that nobody opens first: words that come with the room's part.

close = Close
# Words quoted as another person will see them. Use your language's quotation marks.
quoted = “{ $words }”
rules-name = Ground rules

## While one waits

reading-size = Reading size
# Buttons beside "Reading size".
reading-larger = Larger
reading-usual = Usual
rules-again = Read again

## Making a group

new-title = Make a group
new-intro = You look after it and decide who comes in. You can be alone in it as long as you like.
new-name-label = Name of the group
new-name-example = Slow Tuesdays
new-welcome-label = Welcome
new-welcome-hint = Who it is for and when you meet. People see this with their invite.
new-rules-label = Ground rules
new-rules-hint = Everyone agrees to these before coming in. One rule a line reads best. Change what does not fit.
new-presence = Show who is here now
new-presence-hint = People in the group see a small light beside those who have it open.
new-do = Make the group
new-busy = Making the group

## Settings

size-usual = Usual
size-large = Large
size-larger = Larger
size-largest = Largest
theme = Light or dark
theme-system = As the device
theme-light = Light
theme-dark = Dark
language = Language
keys-switch = Show what the keys do with ?
keys-switch-hint = Turn this off if you write with your voice and the list opens by itself.
shield = Ask me first
shield-hint = Words or topics, one a line. Messages with one of them are folded away until you open them. The list stays on this device.
shield-do = Keep this list
shield-kept = { $count ->
    [one] One word is on your list.
   *[other] { $count } words are on your list.
}
logout = Log out
# $handle: the name to log in with.
logout-as = You are { $handle }
logout-device-note = You are here without a passphrase
logout-title = Log out of this browser?
logout-forgets = This browser forgets everything: your groups, what was said there, and what you have not sent yet.
logout-again = You can log in again, but what was said before cannot be read again on this device. Your groups have to let you in once more.
logout-device-only = You have no passphrase, so there is no way back in. Your groups would have to invite you again.
logout-do = Log out and forget
logout-stay = Stay

## How it works (the words "key" and "encrypted" may be used here)

about-title = How it works
about-intro = What is private here, what is not, and how you could tell.
about-read-title = Who can read
about-read = Everything a group writes is encrypted on your device before it is sent: messages, the group's name, its rules, the names people use in it. Only the people in the group have the keys to read it.
about-read-keys = The keys change whenever someone comes or goes. Someone who was removed cannot read what is written afterwards.
about-server-title = What the server knows
about-server = It knows that accounts exist and when they connect, which accounts are in a group together and with which role, and when, and about how long, messages are.
about-server-not = It does not know what is written, what a group is called or is about, or what anyone calls themselves in it. It keeps no internet addresses and asks for no email and no phone number.
about-people-title = Nobody comes in unseen
about-people = People are let in one by one. Each device checks on its own that only those who were let in hold a key, and the list of people shows exactly them.
about-people-warn = If the server tried to add someone in secret, your device would refuse, stop sending and tell you.
about-kept-title = What is kept where
about-kept = Your device keeps what it has read, locked, until you log out or your group keeps it no longer. The server keeps what was sent in encrypted form.
about-cannot-title = What we cannot do
about-cannot-photo = We cannot stop someone from taking a photo of their screen, or from telling others what they read.
about-cannot-device = We cannot protect you from someone who can unlock your device. Log out on a device that is not only yours.
about-cannot-server = This page itself comes from the server. Someone who took it over could send you a page that does not keep these promises; there are ways to check the page, and they are described with the source.
about-exit-title = Leaving quickly
about-exit = “Leave” at the top, or Shift three times quickly, puts a calendar in place of this page at once. The back button does not bring it back.
about-exit-limit = It does not clear your browser's history. To leave no trace, use a private window, and log out when you are done.
