### English. The other languages follow this one, message by message.
###
### Voice: plain, short, kind and exact. Speak to "you". A reader of eleven should follow.
### No blame, no exclamation marks, no technical words ("key" and "encrypted" only in the part "How it works").
### $group, $name, $from, $who and $by are names people chose; any of them may be long or in another script.

## Everywhere

# The product's name. Do not translate.
product = SafeSpace
# The browser's title. $page is the screen's name. Never a group's name: titles stay in the browser's history.
title = { $page } · SafeSpace
# $count: unread messages in all groups. $page: the title.
title-unread = ({ $count }) { $page }
# The quick exit at the top of every page. It leaves the site at once; it does not leave a group. One short word.
leave = Leave
# Read aloud for the quick exit. Must begin with the word of "leave".
leave-label = Leave this page now
leave-hint = Leave this page now. Or press Shift three times.
# First stop for people who use the Tab key.
skip = Skip to the page
back = Back
optional = Optional
number = { $count }
loading = Loading
try-again = Try again
to-start = To the first page
# The server can be reached, but not all the time.
cut-off-home = Your network blocks live connections. We look every few seconds, so news comes a little later.
# Characters that may still be added.
room-left = { $count ->
    [0] No more characters fit.
    [one] Room for { $count } more character.
   *[other] Room for { $count } more characters.
}
too-long = { $count ->
    [one] This is { $count } character too long. All of it is still here; it can go once it is shorter.
   *[other] This is { $count } characters too long. All of it is still here; it can go once it is shorter.
}
# Under words that were written earlier and never sent.
words-kept = You wrote this earlier. It is only on this device.
words-clear = Begin anew
offline-home = You are offline. What you see is what this browser has kept.
room-page = Conversation
new-page = New group
settings = Settings

## Days

day-today = Today
day-yesterday = Yesterday
time-unknown = time not known

## First visit

welcome-title = A quiet room for people who understand
welcome-intro = Small, private groups for people who live with the same thing. Come as you are, under any name you like.
welcome-private = What you write can be read by the people in your group, and by nobody else.
welcome-nothing-asked = No email, no phone number, no app.
welcome-let-in = Someone who looks after the group lets each person in.
welcome-have-invite = I have an invite
welcome-make-group = Make a group
welcome-login = Log in
welcome-about = How it works, and what it cannot do
open-invite-label = Paste your invite
open-invite-hint = The link or the code you were given, all of it. What is pasted here stays out of this browser’s history.
open-invite-wrong = This is not an invite to this place. Please copy all of it, to the last letter.
open-invite-part = A part of this invite is missing. Please copy all of it, or ask for a new one.
open-invite-do = Open the invite

## Account

register-page = New account
login-page = Log in

## A name in a group

name-label = Your name in this group
name-aside = Not your real one
name-hint = Others see only this name. You can use a different one in every group.
# A button that fills in a name.
name-idea = Give me one
# Names to offer: gentle plants, birds and things outdoors, separated by commas. Choose your own; do not translate one by one.
name-ideas = Hazel, Wren, Juniper, Alder, Moss, Sparrow, Lark, Willow, Heron, Clover, Robin, Rowan, Finch, Aspen, Linnet, Sorrel, Thistle, Birch, Swift, Bramble, Poppy, Cedar, Dove, Sage, Ash, Fern, Ivy, Iris, Lily, Rose, Daisy, Violet, Heather, Laurel, Olive, Myrtle, Maple, Elm, Oak, Pine, Reed, Rush, Flax, Clove, Basil, Thyme, Mint, Dill, Fennel, Tansy, Yarrow, Mallow, Teasel, Briar, Hawthorn, Acorn, Pebble, Brook, River, Lake, Cove, Dune, Cloud, Rain, Snow, Frost, Dawn, Dusk, Star, Moon, Otter, Badger, Hare, Fox, Deer, Mole, Vole, Owl, Tern, Teal, Crane, Plover, Curlew, Dipper, Siskin, Martin, Merlin, Kestrel, Falcon, Puffin, Pigeon, Magpie, Starling
name-missing = Please choose a name. Any name will do.
note-label = A few words to { $from }
note-hint = If you like, say who sent you or what brings you here. Only those who let people in will read it.

## Ground rules

# A heading above the ground rules.
rules-title = How we are together
rules-none = This group has not written any down.

## Your groups

groups-page = Your groups
groups-title = Your groups
groups-none = You are not in a group yet. Open an invite you were given, or make a group of your own.
groups-new = Make a group
groups-people = { $count ->
    [one] Only you so far
   *[other] { $count } people
}
groups-unread = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
# In the list of groups. $when: day and time, such as "Tue, 12 Jan, 7:30 pm".
groups-next = Meets { $when }
groups-now = Meeting now
groups-waiting = { $count ->
    [one] { $count } waiting
   *[other] { $count } waiting
}
# $count: people who need help from those who look after the group.
groups-asking = { $count ->
    [one] Someone asks for help
   *[other] { $count } ask for help
}
groups-removed = You are no longer in this group
groups-left = You left this group
groups-moved = You moved this conversation to another device
groups-halted = Something needs a look
# Groups whose names this device does not know: the server does not know them either.
groups-elsewhere = { $count ->
    [one] You are in { $count } group on another device. To read it here, open an invite to it again and someone will let you in.
   *[other] You are in { $count } groups on other devices. To read one here, open an invite to it again and someone will let you in.
}
groups-elsewhere-owned = { $count ->
    [one] You own { $count } group on another device. The owner of a group cannot come back on a new device yet: please keep the old one.
   *[other] You own { $count } groups on other devices. The owner of a group cannot come back on a new device yet: please keep the old ones.
}
pending-waiting = You are waiting to come in
pending-admitted = You were let in. One moment.
pending-declined = There is an answer for you
pending-closed = Your request is no longer waiting
pending-expired = The request is too old
pending-trouble = Something needs a look

## An invite

invite-page = Invitation
# Above the group's name in large letters, so it must lead up to it.
invite-from = { $from } invites you to
# On an invitation for a guest.
guest-asked = You are asked to come as a guest.
guest-asked-for = You are asked to come as a guest, for “{ $text }”.
guest-asked-minutes = { $count ->
    [one] It takes about a minute.
   *[other] It takes about { $count } minutes.
}
guest-asked-words = You see what is said while you are there. When your part is over you are thanked, and can no longer read there.
# The one thing to do on an invitation. It also means: I agree to the ground rules.
invite-do = I agree, ask to join
invite-busy = Asking
invite-nothing-needed = No email, no phone number, no app.
invite-login = I have an account
invite-elsewhere = You are in this group on another device. Once someone lets you in here, that device can no longer read it.
invite-elsewhere-owned = You own this group on another device. The owner of a group cannot come back on a new device yet.
unusable-expired = This invite has run out
unusable-expired-words = Invites work only for a while, to keep the group safe. Ask the person who sent it for a new one.
unusable-used-up = This invite has been used
unusable-used-up-words = It was meant for a certain number of people, and they have come. Ask the person who sent it for a new one.
unusable-revoked = This invite was taken back
unusable-revoked-words = That can have many reasons and may have nothing to do with you. Ask the person who sent it.
unusable-unknown = We do not know this invite
unusable-unknown-words = Perhaps a letter got lost on the way. Ask the person who sent it to send the link again.
unusable-not-whole = Part of this link is missing
unusable-not-whole-words = Please open the link again from where you got it, all of it. Some apps cut off the end. If you have asked to join already, go on in the app or browser where you did. If it still does not open, ask for a new one.
unusable-wrong-card = This is not the invite you were sent
unusable-wrong-card-words = What the server shows is another invite than the one your link was made for, so we do not show it. Tell the person who sent it, in another way than through this page.
unusable-now = We could not open the invite just now
unusable-now-words = Your invite is not used up by this.
already-title = You are in this group already
already-words = There is no need to ask again.
already-do = Go to the group

## Whom to call: this page works without an account and without a connection

crisis-page = Whom to call
crisis-link = Whom to call in a crisis
crisis-title = Someone will answer
crisis-intro = These people are there for you, whoever you are. Calling them has nothing to do with this app, and nobody in your groups hears of it.
crisis-emergency = Emergency
crisis-emergency-note = If a life is in danger now
# Beside a line that answers day and night.
crisis-always = Day and night
# Beside a line that does not. "from" and "until" are hours, such as "11 AM".
crisis-hours = From { $from } until { $until }
# The number takes text messages as well as calls.
crisis-texts = You can also send a text
crisis-country = Country
crisis-another = Another country
crisis-elsewhere = We have no list for your country. 112 or 911 reach an emergency service from most mobile phones, but not everywhere. Please look up the number where you are.
crisis-checked = Numbers change. We last looked at these on { $day }; please check locally when you can.

## What stands in the way

# A piece of the page itself did not come.
part-title = The page did not come whole
part-words = The connection may be poor, or there is a newer page by now.
part-reload = Open the page again
# A screen could not be drawn.
broken-title = This page could not be shown
broken-words = What you wrote and sent is not lost. Opening the page again often helps.
nowhere-page = Nothing here
nowhere-title = There is nothing here
nowhere-words = The address may be old, or a letter is missing.
blocked-title = Open in another tab
blocked-words = To keep your groups safe, only one tab can be in use at a time. You can go on there, or move over here.
blocked-do = Use it here
damaged-title = What this browser kept cannot be opened any more
damaged-words = The key to it is gone. That can happen when a program cleans up, or when storage was damaged. Nobody can read it now, we neither.
damaged-next = You can begin anew here: log in again if you have an account, and ask by a new invite to come back to your groups. What is left here is deleted.
damaged-do = Begin anew here
storage-title = This browser keeps nothing
storage-words = To let you in, this browser has to keep a few things for you. It may be in private mode, or its storage may be full.
storage-next = Try a usual window, another browser, or make some room, and open this page again.
cookies-title = This browser keeps no login here
cookies-words = To let you in, this browser has to keep one cookie, which says that you are logged in and nothing else.
cookies-next = Please allow cookies for this address. Safari keeps none where the address begins with http and not with https.
old-browser-title = This browser is too old
old-browser-words = It cannot keep what you write private, so we do not let it try. An up-to-date Firefox, Chrome, Edge or Safari will do, on any phone or computer.

## Refusals: what happened, and what to do

refused-already-member = You are in this group already.
refused-blocked = This is open in another tab. Go on there, or open this page again.
refused-barred-from-commits = Others could not follow the changes of keys that this device made, so the server takes no more of them. You can go on reading and writing.
refused-changing = The group changed just then. Please look again and try once more.
refused-forbidden = You cannot do this with the role you have here.
refused-halted = Nothing is sent until you have looked at the warning.
refused-handle-invalid = Please use 3 to 32 small letters a to z, digits or hyphens.
refused-handle-taken = Someone has this name already. Try another one, or add a number.
refused-internal = Something went wrong on our side. Please try again.
refused-invalid-field = Something written here cannot be used, such as a letter that does not show. Please write it in plain letters.
refused-declined-lately = They told you no a short while ago. Please wait before you ask again.
refused-not-again = The people of this group ask you not to ask again.
refused-link-crowded = As many people wait by this link as it has room for. Try again later, or ask for a link of your own.
refused-door-full = The waiting room is full just now. Try again a little later; your link stays good.
refused-invite-expired = This invite has run out.
refused-invite-revoked = This invite was taken back.
refused-invite-unknown = We do not know this invite.
refused-invite-used-up = This invite has been used by as many people as it was meant for.
refused-last-owner = You are the only owner, so you cannot leave.
refused-link-broken = This link is not whole.
# The device could not work with the passphrase.
refused-low-memory = This device has too little memory free for that. Please close other pages and try again.
refused-not-a-member = You are not in this group.
refused-not-genuine = This request does not fit its invite. It can only be turned away.
refused-offline = There is no connection. Please try again when you are back.
refused-owner-elsewhere = You own this group on another device. The owner of a group cannot come back on a new device yet.
refused-pseudonym-reserved = This name could be taken for somebody who looks after the group, or for this app. Please choose another.
refused-pseudonym-taken = Someone in the group has or had this name, or one that looks like it. Turn the request down and ask them to choose another.
refused-quota-reached = There are as many of these as one person may have. Take one back first.
refused-rank-too-low = You can do this only to people with a lower role than yours.
refused-request-decided = Someone else has answered this already.
refused-request-expired = This request is no longer there.
refused-storage-full = The server has no room left. Please tell whoever runs it.
refused-storage-refused = This browser does not keep what it has to keep. Try a usual window.
refused-throttled = That was a lot at once. Please wait a little, then try again.
refused-too-large = This is too long. Please send it in parts.
refused-unauthenticated = Please log in again.
refused-unavailable = The server is busy. Please try again in a moment.
refused-unreachable = This person's device cannot be reached just now. Please try again when they are here.
refused-unknown-member = This person is no longer in the group.
refused-wrong-login = That name and passphrase do not go together. Capital letters and spaces in the passphrase count.
# $code: a short technical word that helps whoever runs the server.
refused-other = That did not work. Please try again. ({ $code })
warning-package-forged = The server gave out something in a member's name that is not theirs. It was not used.
