### The room, its people and its door: words that come with that part of the pages.

## The room

room-unknown = This group is not on this device. If you read it on another one, open it there, or open an invite to it here.
# Always true, always in sight. $count: everyone who can read, with the person who looks.
lock-line = { $count ->
    [one] Only you can read this
   *[other] Only the { $count } people here can read this
}
lock-line-halted = We are not sure who can read this
people-button = { $count ->
    [one] { $count } person here
   *[other] { $count } people here
}
# Under the name of the room, in short: who can read it.
place-lock = { $count ->
    [one] Only you can read this
   *[other] Only the { $count } here can read
}
place-doubt = Something is not as agreed
# Under the name of the room, after the part that the session is at: "How is everyone? 3 of 5".
place-count = { $number } of { $count }
# Read aloud between those two: "How is everyone? part 3 of 5".
place-part = part
# On the sheet about the room: what the session is called, and when it ends.
place-until = { $title }, until { $until }
place-who = Who?
place-evening = This session

## The line under the header: up to 28 characters, and one word to tap

strip-halted = Nothing is sent until you look
strip-noticed = Something did not fit
strip-offline = You are not connected
strip-offline-saved = Offline. Your words are kept.
strip-rekeying = New keys are being made
strip-telling = Your call is on its way
strip-unreached = Nobody can be reached now
strip-reports = { $count ->
    [one] A report waits
   *[other] { $count } reports wait
}
strip-quiet = The room is quiet
strip-away = You have stepped out
# $title: which conversation. $count: new messages in it.
strip-unread = { $title }: { $count } new
strip-ends = It ends at { $until }
strip-slow = The room goes slowly
strip-stand-in = You lead the session now
strip-lead-missing = Nobody leads yet
strip-locked = The door is locked
strip-unlock = Unlock
strip-small-soon = Everyone comes back soon
strip-asked = A question without names
strip-answer-kept = Your answer is kept here
strip-answer-missed = Your answer could not go
strip-answers-going = Answers are on their way
strip-answers-few = Too few answers came
# How many other things wait. The shorter one is for large letters.
strip-more = { $count } more
strip-more-short = +{ $count }
strip-fold = Fold up
# Read aloud: what stands there, and how many others wait.
strip-and-more = { $words } { $count ->
    [one] And one more.
   *[other] And { $count } more.
}

## The conversation

talk-label = Conversation
talk-earlier = Show earlier messages
talk-later = Show later messages
# A line above the first message that came while the person was away.
talk-new = New since you were here
# In the place of a line that the page could not draw.
line-broken = Something here could not be shown
talk-latest = To the newest
talk-latest-new = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
# Read aloud when someone writes.
speak-message = { $who }: { $text }
speak-count = { $count ->
    [one] { $count } new message
   *[other] { $count } new messages
}
skip-to-write = Skip to writing
menu = Menu
you = You
# Stands for a name that is not known any more.
someone = Someone
to-groups = To your groups
asks-once-more = Asks you once more first
field-missing = Please write something here.
# The next part of the evening begins.
speak-part = Now: { $title }
# $text: how a message of one's own begins.
speak-failed = Your message “{ $text }” was not sent.
speak-down = { $by } took down a message of { $who }.
speak-down-mine = { $by } took down your message.
# $role: "a moderator".
speak-role = You are { $role } now.
write-label = Your message
write-here = Write a message
# The same where there is room for one short word.
write-short = Write
write-stopped = Nothing is sent until you look
write-send = Send
sending = Sending
sending-saved = Saved. It will go when you are back.
# Under a message that was on its way when its author was muted.
sending-held = Saved. It goes as soon as you can write again.
send-failed = This was not sent.
send-delete = Delete
strip-cut-off = Your network blocks this room
status-cut-off = Your network blocks the live connection that a room needs. Another network, such as mobile data, helps.
status-offline = You are offline. You can read and write; it will go when you are back.
status-offline-saved = You are offline. What you wrote is saved and will go when you are back.
status-catching-up = Fetching what you missed
status-rekeying = Someone left. We make sure they cannot read on; this takes a moment.
empty-title = It is quiet here
empty-words = Nobody has written yet. You can be the first, or just be here.
# Where others may have written, and this person cannot read it: before they came, or longer ago than messages are kept.
empty-here = There is nothing to read here right now. You can write, or just be here.
empty-alone-title = Your room is ready
empty-alone-words = Now bring someone in. You see each person who asks, and you let them in one by one.
notice-created = { $who } made this group
notice-admitted = { $by } let { $who } in
# Someone who was here on one device goes on on another one.
notice-returned = { $who } came back on another device. { $by } let them in
# $once: the name they had before.
notice-returned-as = { $once } came back on another device as { $who }. { $by } let them in
# $who: the first of several. $count: how many others.
notice-admitted-all = { $by } let { $who } and { $count ->
    [one] one other
   *[other] { $count } others
} in
# $words: what was told last, such as "Wren left". $count: how many such lines stand before it.
notice-and-more = { $words } · { $count } more
# Over those lines, unfolded.
notice-together = { $count } lines
notice-left = { $who } left
notice-removed = { $by } removed { $who }
notice-agreed = { $who } agreed to the ground rules
notice-role-owner = { $who } looks after this group as an owner from now on
notice-role-facilitator = { $who } is a facilitator from now on
notice-role-moderator = { $who } is a moderator from now on
notice-role-member = { $who } is a member again
notice-role-guest = { $who } is a guest from now on
notice-quiet = { $by } made the room quiet for now. You can read on.
notice-voided = A change of keys did not work and was taken back. Nothing was lost.
notice-void = Someone's device sent a decision that nobody else could follow. It has no effect.
notice-void-by = The device of { $who } sent a decision that nobody else could follow. It has no effect. { $who } may want to know; if it goes on, you can remove them.
notice-voided-by = A change of keys by { $who } could not be followed by the others, and was taken back. Nothing was lost.
notice-loud = { $by } opened the room again. Everyone can write.
notice-retained = { $by } decided that messages are kept for { $count ->
    [one] one day
   *[other] { $count } days
}
notice-retained-for-ever = { $by } decided that messages are kept for good
notice-away = { $who } is stepping out and is OK
notice-back = { $who } is back
notice-withheld = The server has not handed over a message that stood here
notice-gap = Some messages before this are no longer kept
notice-unreadable = A message could not be shown, because it could not be checked

## People

people-title = People
# $count: everyone who can read, with the person who looks.
people-readers = { $count ->
    [one] Only you can read what is written here.
   *[other] Only these { $count } people can read what is written here.
}
# $count: browsers and programs that can read, when someone uses more than one.
people-places = They read on { $count } devices in all.
people-photo = We cannot stop someone from taking a photo of their screen.
people-here-not-shared = This group does not show who is here now.
people-how = How this is kept private
role-owner = owner
role-facilitator = facilitator
role-moderator = moderator
role-member = member
role-guest = guest
person-here = here now
person-role-here = { $role }, here now
person-reads = { $count ->
    [one] Reads on one device
   *[other] Reads on { $count } devices
}
person-reads-note = Checked by your own device, not by the server
person-agreed = Agreed to the ground rules
person-gone = No longer in the group
remove-open = Remove from the group
remove-title = Remove { $name }?
remove-words = { $name } can no longer read or write here from this moment on. What { $name } has read before cannot be taken back.
remove-they-see = { $name } will see:
remove-room-sees = The room will see:
remove-do = Remove { $name }
remove-busy = Removing
remove-not = Not now
removed-title = You are no longer in { $group }
removed-words = Someone who looks after the group removed you. You cannot read or write there any more.
removed-kept = Nothing else has changed: your other groups and your account stay as they are.
removed-next = If you think this was a mistake, or want to know why, write to the person who invited you. If you need to talk to someone now, you deserve that: a friend, your doctor or a helpline near you are there for it.
# Nobody in the group told this device so: it is the server's word alone.
removed-unsaid-words = This is what the server says. Your device has not seen anyone in the group decide it. You cannot read or write there any more.
left-title = You left { $group }
left-words = You cannot read or write there any more, and the others saw that you left.
left-next = If you would like to come back one day, ask someone there for an invite.
moved-title = You moved this conversation to another device
moved-words = You can go on in { $group } there. This device can no longer read it.
# Nobody in the group told this device so: it is the server's word alone.
moved-unsaid-words = This is what the server says. Your device has not seen anyone in { $group } decide it. It can no longer read what is written there.
moved-next = To move it back, open an invite to the group on this device.
moved-not-you = If that was not you, tell someone who looks after the group soon, in another way than through this page.
undone-title = Please ask once more
undone-words = You were let in to { $group }, but that did not work for the others, and it was taken back. It was nothing you did.
undone-next = Open your invite link again and ask once more.
lost-title = This device lost touch
lost-words = The keys of { $group } changed, and this device could not follow. What you have read stays here; nothing can be read or written here from now on.
lost-next = Open an invite link of the group on this device and ask to come back. Someone in the group lets you in, and you go on where the others are.

## Letting people in

waiting-banner = { $count ->
    [one] { $name } is waiting
   *[other] { $name } and { NUMBER($count) ->
        [2] one more
       *[other] others
    } are waiting
}
waiting-see = See who
waiting-list = Waiting to come in
waiting-nobody = Nobody now
waiting-none = Nobody is waiting. You will see it here when someone asks to join.
waiting-let-in = Let { $name } in
waiting-not-now = Not now
waiting-elsewhere = { $name } is here on another device already. If you let them in, their old device can no longer read here.
# $once: the name of the member whose place they would take.
waiting-elsewhere-as = { $name } wants to come in as { $once }, who is here on another device already. If you let them in, that device can no longer read here.
waiting-elsewhere-sure = That this is { $once } is only what the server says. If you are not sure, ask { $once } in another way first.
waiting-elsewhere-higher = Only someone with a higher role than { $once } can let them back in.
# By the server's word.
waiting-removed-once = Whoever asks was removed from this group once.
# By the server's word, too.
waiting-muted = Whoever asks left while they were muted. The mute goes on, for as long as it had left.
waiting-silenced = Whoever asks left while they could only read. They come back that way, until someone lets them speak.
waiting-as-staff = { $name } is the name of one of those who look after the group. Make sure that nobody is taken for them.
# $other is the name with a number, such as "Hazel 2".
waiting-namesake = There is a { $name } already, so they come in as { $other }.
waiting-no-name = { $name } looks like another name here, or like words of these pages. Ask them to choose another.
waiting-not-genuine = This request does not fit the invite it came with. Someone may have changed it on the way, so it can only be turned away.
# $names: those whose device has the link, and hands it on to the device of who reads this.
waiting-unopened = The link is from before you could let people in. { $count ->
    [one] { $names }’s device has to open this first.
   *[other] The device of one of them has to open this first: { $names }.
} That happens by itself, as soon as it is here.
waited-moment = waiting for a moment
waited-minutes = { $count ->
    [one] waiting for { $count } minute
   *[other] waiting for { $count } minutes
}
waited-hours = { $count ->
    [one] waiting for { $count } hour
   *[other] waiting for { $count } hours
}

## Inviting

invite-someone = Invite someone
invite-someone-under = They ask to join, and you let them in
invite-uses = How many people may use it?
invite-uses-count = { $count ->
    [one] One
   *[other] Up to { $count }
}
invite-days = How long does it work?
invite-days-count = { $count ->
    [one] One day
   *[other] { $count } days
}
invite-many-note = A link for one person and a short while is safest. Whoever has a link for many can read the group’s name, welcome and ground rules, and so can the server once it comes to know it. Where it hangs for all to see, someone can put another in its place. So look at who asks before you let them in.
invite-make = Make the link
invite-making = Making the link
invite-made = Send this link to the person yourself, in a way you trust. Whoever has it can ask to join.
invite-copy = Copy the link
invite-copied = Copied
invite-copy-code = Copy it as a code
invite-history = A browser that opens this link keeps it in its history. The code leaves nothing there: it is pasted on the first page here, under “I have an invite”.
invite-copy-failed = Your browser did not allow copying. Press on the link and copy it by hand.
invite-picture = Show it as a picture
invite-picture-label = The invite link as a picture, to be read by the camera of a phone
invite-another = Make another link
invites-open = Invites that still work
invites-none = There are none.
invites-used = Used { $used } of { $uses }
invites-until = Until { $day }
invites-take-back = Take back

## About the group, and leaving it

about-group = About this group
about-group-kept = Name, welcome and ground rules can be read only by people in the group, and with an invite.
leave-group = Leave this group
leave-title = Leave { $group }?
leave-words = You can no longer read or write there. To come back you need a new invite.
leave-do = Leave the group
leave-busy = Leaving
leave-stay = Stay
leave-last-owner = You are the only owner of { $group }. If you left, nobody could look after it.
leave-last-owner-next = You can stay and rest. Nothing here has to be done today.

## When the server does something it should not

# The exact words people will be told. Do not soften them.
warning-halted = The server did something the group did not agree to. Nothing more will be sent until you look.
warning-noticed = Your device noticed something about the server. Please look when you can.
warning-look = Look
warning-title = What your device noticed
warning-intro = Your device checks everything the server hands over. This did not fit:
warning-do = Tell someone in the group in another way, such as by phone, and ask what they see. Your device has not shown anyone what you wrote since.
warning-read = I have read this
warning-bad-commit = Someone's change of who can read was not made properly. It was refused.
warning-bad-commitment = A message came with a wrong seal. It was not shown.
warning-identity-changed = Someone in the group seemed to turn into someone else. The change was refused.
warning-undone = The server no longer holds to something that was decided here, and says that others could not follow it. It holds again once someone else's device says that it could.
warning-policy-forged = A decision about the group came that was not made properly. It has no effect.
warning-seq-hole = Messages are missing that the server should have handed over.
warning-seq-rollback = The server has lost messages that it had already confirmed.
warning-state-forged = Someone who came in was told something else about the group than you know.
warning-state-mismatch = What you were told about the group on coming in does not fit.
warning-tree-mismatch = The list of those who can read did not fit the group's own list.
warning-unannounced-change = Someone was to be added or taken away without anybody in the group deciding so. It was refused.
warning-unendorsed-leaf = Someone whom the group does not know would have been let into these words.
warning-room-refused = The server offered a place beside the group that is not what it says. It is not shown.
warning-unannounced-group = The server tried to put you into a group you did not ask to join. It was refused.
warning-unreadable = A message could not be opened on this device. It was not shown.
# $names: members whose devices gave a key that nothing can be sealed to. What was done was done, without them.
warning-unreached = { $names } could not be reached by something you did: their { $count ->
    [one] device
   *[other] devices
} gave a key that does not work. The others were.
warning-void-unfounded = The server took back a change of keys that the group had followed.
warning-wrong-reply = The answer to your request did not come from the group you asked.
warning-wrong-sender = A message came under the wrong name. It was not shown.
warning-other = Something the server handed over did not fit. It was refused.
