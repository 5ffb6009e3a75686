# Looking after a room: muting, removing, taking down, roles, and what someone sees to whom it is done.
# Words to people are kind and plain: what happened, until when, what they can still do, whom they can turn to.

## Roles

a-owner = an owner
a-facilitator = a facilitator
a-moderator = a moderator
a-member = a member
a-guest = a guest
duties-guest = A guest reads and writes here for a while.
duties-member = A member reads and writes here.
duties-moderator = A moderator keeps the room calm: pauses someone's messages, takes a message down, makes the room quiet, removes someone, and reads what people report.
duties-facilitator = A facilitator does what a moderator does, lets people in, invites, and asks others to be moderators.
duties-owner = An owner does what a facilitator does, asks others to be facilitators or owners, and decides for how long messages are kept. A group can have several owners.
role-open = Role in the group
role-title = What { $name } is here
role-legend = From now on { $name } is
role-waits = Asked, no answer yet
offer-waits = { $name } was asked to be { $role } and has not answered yet.
offer-take-back = Take it back
offer-how = { $name } reads the charter first and can say no. Nothing changes until they say yes.
offer-do = Ask { $name } to be { $role }
offer-done = { $name } has been asked.
demote-do = Make { $name } { $role }
demote-done = { $name } is { $role } now.
offer-banner = { $by } asks you to be { $role }.
offer-look = Read more
offer-title = Would you be { $role }?
offer-by = { $by } asks you
offer-gone = This is no longer offered
offer-free = It is fine to say no, and you can step down at any time.
offer-accept = I agree and take it on
offer-later = Not now
offer-decline = Not for me
offer-accepted = You are { $role } now. Thank you.
offer-declined = { $by } will see that you said no.
charter-title = What those who look after the group agree to
charter-under = Everyone can read it
charter-label = The charter
charter-hint = One rule a line reads best. Whoever takes on a role from now on agrees to this text.
charter-change = Change it
charter-do = Keep the new text
charter-done = The charter is changed.
step-down = Step down
step-down-words = You have looked after this group. You can rest now; what you did stays written down.
step-down-to = From now on I am
step-down-do = Be { $role } from now on
step-down-done = You are { $role } now.
step-down-last = You are the only owner of { $group }. Hand it over first, so that someone can look after it.
hand-over = Hand the group over
hand-over-under = Who should be an owner?
hand-over-words = Whoever you ask reads the charter and can say no. Once they are an owner you can step down or leave.
hand-over-nobody = There is nobody here yet who could take it on. Invite someone first.

## Pausing someone's messages

# $lasts is one of mute-for, mute-session, mute-lifted: "for 5 minutes".
mute-title = Pause their messages
minutes-short = { $count } min
mute-session-short = This meeting
mute-lifted-short = Until lifted
mute-for = for { $count ->
    [one] one minute
   *[other] { $count } minutes
}
# Twelve hours at the longest.
mute-session = for the rest of this meeting
mute-lifted = until someone lifts it
mute-left = for { $count ->
    [one] one more minute
   *[other] { $count } more minutes
}
mute-left-seconds = for less than a minute
mute-they-see = { $name } will see:
mute-told = Your messages are paused { $lasts }.
mute-can-read = You can still read, and you keep your place.
mute-who-sees = Those who look after the room see it too, and nobody else.
mute-do = Mute { $name } { $lasts }
mute-done = { $name } is muted { $lasts }.
mute-longer = Make it longer
muted-is = The messages of { $name } are paused { $lasts }.
muted-by = By { $by }
unmute-do = Let { $name } write again
unmute-done = { $name } can write again.
reason-add = Add a private reason
reason-label = Private reason
reason-who = { $name } reads it, and those who look after the room. Kind words help.
listening-is = { $name } only listens until someone lets them speak.
let-speak-do = Let { $name } speak
let-speak-done = { $name } can write now.
state-muted = paused
state-listening = listening
state-away = stepped out
person-away = { $role }, stepped out
quiet-switch = Quiet room
quiet-hint = While it is on, only those who look after the room can write.
quiet-on-done = The room is quiet. The others can read on.
quiet-off-done = Everyone can write again.
quiet-banner = The room is quiet for now.
quiet-open = Open again
undo = Undo

## What someone sees who may not write now

silenced-muted = Your messages are paused
silenced-by = From { $by }. Only you and those who look after the room see this.
silenced-can = You can still read, and you keep your place.
silenced-listening = You are here to listen for now
silenced-listening-words = You can read everything. You can write as soon as someone who looks after the room lets you speak.
silenced-rules = The ground rules have changed
silenced-rules-words = Please read them and agree. Then you can write again.
# A capsule is a room for one session, of which nothing is kept.
silenced-capsule = You are being let in
silenced-capsule-words = This session is held in a room of which nothing is kept. This takes a moment, as long as somebody is there.
silenced-closed = The room rests between sessions
silenced-closed-words = You can read everything. You can write again when the next session begins.
silenced-quiet = The room is quiet for now
silenced-quiet-words = You can read on. Everyone can write again as soon as someone opens the room.
# $names: a list of names. $count: how many.
silenced-whom = { $count ->
    [0] Nobody who looks after this room is here besides you.
    [one] { $names } looks after this room. You can turn to them.
   *[other] { $names } look after this room. You can turn to any of them.
}
# A button that opens the whole of what happened.
# The second row of the line that stands where one writes.
held-read = You can still read.
held-rules = Then you can write again.
held-capsule = This takes a moment.
held-closed = Until the next session begins.
held-halted = Your words stay on this device
held-halted-until = They wait until you have looked.
silenced-why = Why?
silenced-over = You can write again.
# Said when a mute ends while something else keeps the room quiet.
silenced-ended = Your messages are no longer paused.
# Leads to those who look after the room.
turn-to-one = Ask { $name }
turn-to-short = Ask someone
write-draft = Write a draft
write-draft-here = A draft. It stays on this device.

## Removing

remove-for-good = This cannot be undone. To have { $name } back you would invite them again.
ban-switch = Keep { $name } from coming back
ban-hint = Their account can no longer ask to join, and invites that they came by or gave out stop working.
remove-done = { $name } is no longer in the group.
# Of someone for whom the room closed while they were writing.
unsaid = What you were writing
unsaid-hint = Nobody has it. It stays on this device until you log out.
unsaid-copy = Copy it
unsaid-copied = It is copied
removed-by = { $by } removed you. You cannot read or write there any more.
removed-may-ask = You may ask to join again with an invite. Those who look after the group decide.
removed-banned = You cannot ask to join again for now. { $by }, or someone else who looks after the group, can change that.
doubts-seen = In the last day devices of { $by } could not follow something that came from { $who }'s device. One of them may be broken, or not be what it says.
doubts-barred = In the last day devices of { $by } could not follow changes of keys by { $who }'s device, so for now the server takes no more of them, unless { $who } alone can let people in. If it is they who are wrong, you can remove them.
banned-title = Kept from coming back
banned-under = They cannot ask to join again
banned-none = Nobody is.
unban-do = Let them ask again
unban-done = { $name } may ask to join again.
waiting-listen = Only listen at first
waiting-listen-hint = { $name } reads along until someone lets them speak.

## Messages: taking down, folding away

message-whole = Show all of it
message-less = Show less
message-more = What can be done about this message
message-of = Message of { $name }
message-gone = This message is no longer here
message-person = About { $name }
down-open = Take it down
down-title = Take down this message of { $name }?
down-words = Its words are deleted from the server and from everyone's device. Who has read it has read it. For half a minute it can be put back.
down-place = In its place the room will see:
down-do = Take it down
down-done = The message is taken down.
down-by = { $by } took this message down.
# For its author.
down-mine = You can write it again in other words, or ask { $by }.
down-restored = { $by } put this message back, but your device had let go of its words already.
down-for-good = It can no longer be put back.
restore-do = Put it back
restore-done = The message is back.
fold-open = Fold it away
fold-change = Change what it is folded under
fold-hint = People choose whether to read it
fold-label = What is it about?
fold-label-hint = A few words that say what to expect, such as “a night in hospital”. They are seen instead of the message until someone opens it.
fold-do = Fold it away
fold-undo = Open it for everyone
# Beside the words under which one's own message will be folded away.
fold-undo-mine = Leave it open
write-fold = Fold this message away under a few words
folded-by = Folded by { $by }
folded-blocked = A message of someone you blocked
folded-shield = This speaks of something on your list
folded-open = Open
folded-close = Close

## On this device alone

block-switch = Fold away what { $name } writes
block-hint = On this device alone. { $name } is not told, and you can always look.
step-out = Step out for a while
step-out-hint = The room sees that you are OK
step-back = I am back
step-back-hint = The room sees that you are back
away-banner = The room knows that you stepped out and are OK.

## How long messages are kept

keeping = How long messages are kept
keeping-legend = Messages are kept
keeping-for-ever = For good
keeping-days = { $count ->
    [one] One day
   *[other] { $count } days
}
keeping-words = { $count ->
    [one] What is older than one day is deleted from the server and from everyone's device.
   *[other] What is older than { $count } days is deleted from the server and from everyone's device.
}
keeping-for-ever-words = Messages stay on the server, where nobody can read them, and on the devices of those who have read them.
keeping-not-back = What is deleted cannot be brought back. What was done in the group stays written down.
keeping-do = Keep it so
keeping-done = Messages are kept: { $kept }.

## What was done

done = What was done
done-under = What concerns you, and everyone
done-under-staff = By whom, when and why
done-none = Nothing yet.
done-reason-hidden = A private reason was given.
done-keep = Save as a file
done-open = Open a saved file
keep-words = The file is made on this device. Only your passphrase opens it.
keep-short = Please use 12 characters or more.
keep-lost = Without the passphrase nobody can open the file, not even you.
keep-do = Save the file
keep-busy = Locking the file
keep-done = The file is saved.
open-file = The saved file
open-do = Open
deed-create = { $by } made this group
deed-admit = { $by } let { $whom } in
deed-agree = { $by } agreed to the ground rules
deed-leave = { $by } left
deed-remove = { $by } removed { $whom }
deed-ban = { $by } removed { $whom } and keeps them from coming back
deed-unban = { $by } lets { $whom } ask to join again
deed-offer = { $by } asked { $whom } to be { $role }
deed-end-offer = { $by } ended what was offered to { $whom }
deed-accept = { $by } agreed to the charter and is { $role }
deed-demote = { $by } made { $whom } { $role }
deed-step-down = { $by } stepped down and is { $role }
deed-mute = { $by } muted { $whom } { $lasts }
deed-unmute = { $by } let { $whom } write again
deed-quiet = { $by } made the room quiet
deed-loud = { $by } opened the room again
deed-let-speak = { $by } let { $whom } speak
deed-take-down = { $by } took down a message of { $whom }
deed-restore = { $by } put back a message of { $whom }
deed-retain = { $by } decided how long messages are kept: { $kept }
deed-write-charter = { $by } changed the charter

## Refusals and warnings

refused-already-muted = Their messages are paused for at least as long already.
refused-already-offered = They were asked already.
refused-already-taken-down = This message was taken down already.
refused-listening = You are here to listen until someone lets you speak.
refused-muted = Your messages are paused. You can still read.
refused-no-offer = This is no longer offered.
refused-not-opened = The file or the passphrase is another one.
refused-quiet = The room is quiet for now. You can still read.
refused-by-server = The server refused to take it. Nobody in the group decided so, as far as your device knows.
refused-too-late = It is too late to undo this.
refused-unchanged = This is so already. Someone may have been faster.
refused-unknown-line = This message is no longer there.
warning-withheld = The server keeps back a message that nobody in the group took down.
warning-gap-unexplained = The server no longer has messages that the group would still keep.
warning-let-through = The server took a message from someone who could not write just then, by what the group decided.
warning-refused-unfounded = The server refused a message of yours, for a reason that nobody in the group gave.

## Further rooms: the staff's own, and a few words aside

staff-room = Staff room
staff-open = For you who look after the group
staff-empty = For you who look after the group. Nobody else can read this, or sees that it is here.
staff-what = Everyone who looks after the group is in here, and nobody else. Who is no longer a moderator is out by itself.
aside-with = A few words with { $name }
aside-alone = A few words
aside-row = Only you who are in it know of it
aside-empty = What is said here stays between you. The group does not see that this is here.
aside-what = Nobody else in the group can read this, or sees that it is here.
aside-open = A few words aside
aside-open-under = Just you, away from the group
aside-ask = This opens a place for you and { $name }, away from the group. They will see who is in it before anyone speaks.
aside-ask-staff = This opens a place for you and { $name }, away from the group.
aside-two = One more of those who run the group is asked to join, so that nobody is alone with this.
aside-one = It will be just the two of you.
aside-nobody-hears = Nobody else in the group sees that it is there.
aside-do = Open it
aside-busy = Opening…
aside-leave = Leave these words
aside-leave-words = You will no longer read what is said here. You stay in { $group }.
aside-leave-do = Leave
aside-leave-not = Stay
turn-to = Talk to someone who runs this group
turn-to-under = Away from the others
turn-to-words = Whom would you like to talk to? Nobody else in the group sees it.
# Who else is in a further room. "names" is a list.
further-who = { $count ->
    [0] Nobody else is in it yet
   *[other] With { $names }
}
further-lock = { $count ->
    [one] Only you can read this.
   *[other] Only the { $count } people here can read this.
}
# Read aloud for the arrow back.
further-back = Back to { $group }
further-go = Go there
further-unread = { $count ->
    [one] { $title }: one new message
   *[other] { $title }: { $count } new messages
}
further-new = { $names }: this is for you, and nobody else sees it.
further-over-title = This is over
further-over-words = These words have ended, or they are on another of your devices.
further-to-group = Back to the group
notice-opened = { $by } opened this.
notice-brought = { $who } is here now.
notice-parted = { $who } is no longer here.

## Asking for help

# The button that is always at the top. A tap tells those who look after the group at once.
help-ask = I need help
help-title = You are not alone
help-telling = Telling those who look after this group…
help-told = { $count ->
    [one] { $names } knows that you need help. Nobody else in the group sees it.
   *[other] { $names } know that you need help. Nobody else in the group sees it.
}
help-answered = Someone has answered you.
help-offline = You are not connected, so nobody has been told yet. They are told as soon as you are back, without another tap.
help-unreached = Nobody who looks after this group can be reached now. Please call one of these numbers.
# A button that shows whom to call.
help-whom = Whom to call
help-nobody = Nobody besides you looks after this group. These people are there for you.
help-write = Write to them
help-read = Read it
help-ok = I am OK
help-call = Someone to talk to right now
help-mine = They know that you need help
help-asks = { $who } asks for help.
help-go = Go to { $who }
help-begin = { $who } asks for help. A short “I am here” is a good beginning.
notice-ok = { $who } says: I am OK.

## A session of which nothing is kept, and small rooms

# A capsule is a session whose keys are destroyed when it ends.
capsule-title = Keep nothing of this session
capsule-row = When it ends, every device and the server forget it
capsule-words = Nothing said from now on is kept. When the session ends, every device forgets it, and so does the server.
capsule-ends = This cannot be turned off again during the session. Until it ends, nobody writes in the lasting conversation.
capsule-photo = We cannot stop someone from taking a photo of their screen.
capsule-late = Whoever comes late, or loads the page again, does not see what was said before.
capsule-do = Keep nothing from now on
capsule-begins = Nothing of this session is kept
capsule-empty = Nothing said tonight is kept. When the session ends, every device forgets it, and so does the server.
# $count: how many people are in the room of which nothing is kept.
capsule-line = Nothing said here is kept. { $count ->
    [one] You are the first.
   *[other] { $count } are here.
}
capsule-coming = This session is held in a room of which nothing is kept. You are being let in.
# Small rooms: the group parts for some minutes to talk among few.
small-title = Small rooms
small-row = Part for some minutes, and come back together
small-how = Who goes where
small-random = By chance
small-chosen = I choose
small-theme = By theme
small-count = How many rooms
small-minutes = For how many minutes
small-name = Room { $number }
small-theme-label = What room { $number } is about
small-words = Nothing said in them is kept. You can look into each, and everyone comes back by themselves when the time is over.
small-do = Go into small rooms
# $count: minutes.
small-now = Small rooms, for { $count ->
    [one] one more minute
   *[other] { $count } more minutes
}.
# $names: who else is there.
small-mine = Go to your room: { $title }, with { $names }
small-open = Join { $title }
# For who came when the others had gone. $names is a list.
small-late = The others went into small rooms before you came. Choose one: whoever is inside sees you come.
small-choose = Join { $title }, with { $names }
strip-small-late = Choose a small room
small-visit = Look into { $title }
# Leads to the list of the small rooms.
small-look = Look in
minutes-left = { $count } min left
small-call-back = Call everyone back now
small-empty = Only those who are here can read this, and nothing of it is kept.
small-nothing-kept = Nothing said here is kept.
small-soon = The small rooms are about to end. You will be back with everyone by yourself.
small-back = Back to everyone

## Other names

own-name = Your name here
own-name-words = You are { $name } here. A new name is told to everyone in the room. { $name } stays yours for thirty days: nobody else can be called so.
own-name-do = Take this name
own-name-done = You are { $name } here now.
group-name = Name and welcome
group-name-words = A new name is told to everyone. Invites that were made before show the old name and welcome; they go on working.
group-name-do = Change it
group-name-done = Changed, and told to everyone.
notice-renamed = { $once } is called { $who } now
notice-group-renamed = { $by } named the group “{ $title }”
notice-welcome = { $by } changed the welcome
deed-rename = { $by } took another name
deed-rename-group = { $by } gave the group another name
deed-write-welcome = { $by } changed the welcome
refused-renamed-often = You changed your name three times of late. The next time is in some weeks; one of your old names you can take again now.
