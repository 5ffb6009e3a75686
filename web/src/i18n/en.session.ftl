# The live session: what is on, whose turn it is, and running it.
# Nobody has to explain themselves: passing, "later" and a turn that ran out are told alike, kindly, or not at all.

## Where the room is

live-sheet = The session
live-lead = { $name } leads the session
live-lead-you = You lead the session
# Under a name in the list of people.
person-leads = leads the session
live-lead-none = Nobody leads the session
live-no-session = No session is on
live-ends = It ends at { $until }
live-gentle-words = Today asks little of you. Short turns and long silences are fine.
live-locked-words = Nobody new comes in until the door is unlocked.
live-slow-words = Everyone leaves some quiet between two messages.
live-parts = Parts of the session
live-here = The room is here
# How long a part is meant to be.
live-minutes = { $count } min
live-ends-soon = The session ends soon, at { $until }.

## Whose turn it is

floor-line = Whose turn it is
floor-mine = You have the floor
# The same where there is room for no more.
floor-mine-short = Your turn
floor-whose = { $name } has the floor
floor-has = has the floor
floor-next = next
floor-next-you = You are next
floor-next-other = { $name } is next
floor-before-you =
    { $count ->
        [one] One person before you
       *[other] { $count } people before you
    }
# This, and what ends in -short below, stands where there is room for no more.
floor-before-you-short = { $count } before you
floor-free = The floor is free
floor-free-hand = Raise a hand and it is yours
floor-free-lead = It goes to whoever raises a hand
floor-round-over = Everyone had a turn.
# After a round: what the evening goes on with, or who says what it goes on with.
floor-then-part = next comes { $title }
floor-then-lead = { $name } says what comes next
# Whoever has the floor has no connection.
floor-whose-away = { $name } has the floor, and is not here just now
floor-nobody = Nobody has the floor just now.
# To who cannot write now, such as while muted.
floor-kept = you keep your place
# For who leads. $names is a list of those who wait and cannot write.
floor-passed-over = passed over, as they cannot write now: { $names }
# For everyone, where whoever has the floor is gone and no facilitator is here.
turn-without = Go on without { $name }
# In a sheet: how much was said since it was opened, and the way back.
sheet-new =
    { $count ->
        [one] one new message
       *[other] { $count } new messages
    }
sheet-go = Go to it
# $names is a list: "Wren and Alder".
floor-hands = Hands up: { $names }
floor-open = The floor is open
floor-open-short = Open floor
floor-anyone = Anyone can write
# Time that is left of a turn. Nothing happens the moment it is over.
turn-about = about { $count } min
turn-almost = under a minute
turn-finish = time to finish
turn-pass = Pass
turn-done = Done
turn-later = Later
turn-next = Next turn
# The same where there is room for no more.
turn-next-short = Next
hand-raise = Raise hand
hand-raise-short = Hand up
hand-too = Me too
hand-lower = Lower hand
hand-lower-short = Hand down
# In a round, for who has not had a turn yet: no reason is asked.
turn-skip-me = Skip me this time
hands-lower-all = Lower all hands
hand-take-part = Take part
# Beside someone who waits to say something to what is being said.
hand-is-too = me too
floor-give = Give the floor
floor-give-under = Whose turn it is now ends. Everyone sees it.
floor-given = { $name } has the floor now.
floor-waiting = Who waits, in order
floor-nobody-waits = Nobody waits.
floor-others = Someone else
write-ready = Write for your turn
write-later = Write it down for later
write-kept = This stays here until you can send it.

## Quiet

paused-title = The room is paused
paused-by = { $name } asked for a moment of quiet. You can read, and write down what you want to say later.
paused-go-on = Go on
slow-line =
    { $count ->
        [one] Slow for now: one message each second.
       *[other] Slow for now: one message every { $count } seconds.
    }
slow-minutes =
    { $count ->
        [one] Slow for now: one message a minute.
       *[other] Slow for now: one message every { $count } minutes.
    }
slow-wait =
    { $count ->
        [one] Yours can go in about a second.
       *[other] Yours can go in about { $count } seconds.
    }

## After the session

goodbye = The session is over. Thank you for being here.
goodbye-next = Next: { $title }, { $when }
goodbye-nothing-kept = Nothing that was said in it is kept.

## When the one who leads is gone

stand-in = { $name } is not connected any more, so you lead the session now. Nobody lost their turn.
stand-in-seen = All right
lead-take = Take over
lead-take-under = { $name } leads now. Everyone sees that you do from here on.
lead-take-nobody = Nobody leads now. Everyone sees that you do.
lead-missing = The session has begun, and nobody leads it yet.
lead-done = You lead the session now.

## Running a session

run-open = Run the session
# Ways on, on the sheet for running the session.
run-all = More
run-round-end = End the round
run-title = Run the session
run-start = Start a session
run-start-under = Everyone is told that it has begun.
run-start-done = The session is on.
run-start-planned = It was planned for { $day }.
run-start-same = The same parts as last time
run-length = How long
run-hour-and-half = 1½ h
run-hours = { $count } h
run-more = 5 more minutes
run-more-under = It ends at { $until }. Everyone sees the new time.
run-more-done = The session ends at { $until } now.
run-end = End the session
run-end-title = End the session?
run-end-words = Everyone sees that it is over. The floor, a pause and slow mode end with it, and the door is unlocked.
# Before a session of which nothing is kept.
run-end-capsule = What was said in it is gone then, from everyone’s device and from the server.
run-end-goodbye = Everyone reads: thank you for being here.
run-end-no-next = No next date is planned yet.
run-end-ask = Ask how it was
run-end-ask-hint = Everyone can answer for ten minutes, without a name.
run-end-do = End it now
run-end-done = The session is over.
run-segment = Go on to “{ $title }”
run-segment-first = Begin with “{ $title }”
run-segment-under = Everyone sees where the room is.
run-segment-done = The room is at: { $title }
run-segment-last = This is the last part.
run-floor = The floor
# Small headings over what concerns the people, the room, and what the evening is to be.
run-people = Those who are here
run-room = The room
run-evening = The evening
run-guest = Invite a guest
# $title is the part of the session that the guest comes for.
run-guest-under = For: { $title }
# $title is a part of the evening, such as "How is everyone?".
run-round-of = Start the round: { $title }
run-round = Start a round
run-round-under = Each has a turn, and may pass.
run-hands = Go by hands
run-hands-under = The floor goes to whoever raises a hand. You can always write.
run-hands-done = The floor goes by hands now.
run-open-floor = Open the floor
run-open-floor-under = Everyone may write again.
run-open-floor-done = The floor is open.
run-turns = Whose turn it is
run-turns-under = Order, hands, and giving the floor
round-title = A round
round-who = Who takes part
round-who-hint = Whoever is not in it can ask to be.
round-you = { $name } (you)
# Beside a name, for whoever begins a round: why this person would be passed over.
round-muted = muted
round-not-agreed = has not agreed to the new rules
round-away = stepped out
round-not-here = not here
round-passed-over = Who cannot speak keeps the place, and is passed over until they can. The turn of who is not here goes on.
round-seconds = Time for each
round-free = As they need
round-grace = After that
round-grace-none = Nothing ends
round-grace-seconds = + { $count } s
round-see = Everyone sees whose turn it is and who is next. Each may pass, or say later, without a reason.
round-do =
    { $count ->
        [one] Start with one person
       *[other] Start with { $count } people
    }
round-nobody = Choose who takes part.
round-done = The round has begun.
run-pause = Pause the room
run-pause-under = Turns stand still, and only the staff writes.
# Beside "Pause the room": a few words to go with it.
run-pause-words = Say why
run-pause-note = A few words for everyone
run-pause-done = The room is paused.
run-resume-done = The room goes on.
run-slow = Slow mode
run-slow-off = Off
run-slow-under = Some quiet between two messages
run-slow-see = Everyone sees how long they wait. What they send goes by itself when it may.
run-slow-legend = Between two messages of one person
run-slow-do = Keep it so
run-slow-done = Slow mode is on.
run-slow-off-done = Slow mode is off.
run-seconds = { $count } s
run-lock = Lock the door
run-lock-hint = Nobody new is let in, and who waits is told. Everyone here sees it.
run-lock-done = The door is locked.
run-unlock-done = The door is unlocked.
run-pace = Gentle pace
run-pace-hint = Everyone sees that today asks little: short turns, long silences.
run-pace-done = The pace is gentle.
run-pace-usual-done = The pace is as usual.
run-heard = Who has been heard
run-heard-under = Only you see this, worked out on your device
heard-title = Who has been heard
heard-not = Not heard yet
heard-all = Everyone has been heard.
heard-yes = Heard
heard-count =
    { $count ->
        [one] one message
       *[other] { $count } messages
    }
heard-words = Since the session began. Nobody else sees this, and it is not kept. Quiet can be just right for someone.

## Lines in the conversation

# A part of the session that is over or under way: what it was called.
notice-part = Part { $number }: { $title }
# Above the name of the part that the session is at; in the second each has a turn.
notice-part-now = Part { $number } of { $count }
notice-part-round = Part { $number } of { $count }, a round
notice-session = { $by } opened the session
notice-session-over = The session is over. Thank you for being here.
notice-leads = { $by } leads the session now
notice-round = { $by } began a round. Each may pass.
# Whose turn it was had no connection.
notice-skipped = { $who } was not here, so the turn went on
notice-skipped-later = { $who } was not here, so the turn went on. They are asked again after the others
notice-hands = { $by } asks to raise a hand before speaking
notice-open-floor = The floor is open
notice-pause = { $by } paused the room
notice-resume = The room goes on
notice-slow = { $by } asks everyone to take it slowly
notice-not-slow = Everyone may write at their own speed again
notice-lock = { $by } locked the door: nobody new comes in
notice-unlock = The door is unlocked again
notice-gentle = { $by } asks for a gentle pace today
notice-usual = The pace is as usual again

## What was done

deed-plan = { $by } planned sessions
deed-unplan = { $by } took planned sessions back
deed-open-session = { $by } opened the session
deed-extend-session = { $by } changed when the session ends
deed-take-lead = { $by } took the lead of the session
deed-close-session = { $by } ended the session
deed-between-on = { $by } let everyone write between sessions
deed-between-off = { $by } lets the room rest between sessions
deed-lock = { $by } locked the door
deed-unlock = { $by } unlocked the door
deed-pause = { $by } paused the room
deed-resume = { $by } let the room go on
deed-slow =
    { $count ->
        [one] { $by } set slow mode to one second
       *[other] { $by } set slow mode to { $count } seconds
    }
deed-not-slow = { $by } ended slow mode
deed-pace = { $by } changed the pace
deed-run-sheet = { $by } wrote the parts of the session
deed-move-on = { $by } moved the room on
deed-hands = { $by } let the floor go by hands
deed-open-floor = { $by } opened the floor
deed-round = { $by } began a round
deed-give-floor = { $by } gave { $whom } the floor
deed-raise-hand = { $by } raised a hand
deed-lower-hand = { $by } lowered a hand
deed-lower-hand-of = { $by } lowered the hand of { $whom }
deed-lower-hands = { $by } lowered all hands
deed-pass-turn = { $by } passed the turn on
deed-skip-absent = { $by } let a turn go on whose holder was not here
deed-capsule = { $by } chose that nothing of the session is kept
deed-break-out = { $by } sent the group into small rooms
deed-call-back = { $by } called everyone back
# A room of the session that nobody could read any more was made anew.
deed-renew-room = { $by } opened a room of the session again
# Questions or feedback that carry no name.
deed-open-ballot = { $by } asked everyone something, to be answered without a name
deed-close-ballot = { $by } closed what was asked without names
# What a newer page did, and this one has no word for.
deed-other = { $by } did something for the group
deed-write-rules = { $by } changed the ground rules

## What stood in the way

refused-no-session = No session is on any more.
refused-session-open = A session is on already.
refused-hand-up = Your hand is up already, or it is your turn.
refused-turn = It is not your turn any more.
refused-cannot-speak = They cannot write now, so the floor would be silent. They may be muted, here to listen, or not yet agreed to the rules.
refused-still-here = They are here after all.
refused-agree-first = The ground rules changed. Please read them first.
refused-floor-open = The floor is open. Everyone may speak.
refused-paused = The room is paused.
refused-closed = The room rests between sessions.
refused-slow = Some quiet first. Please try again in a moment.
refused-gone-by = That is not there any more. Please look again.
