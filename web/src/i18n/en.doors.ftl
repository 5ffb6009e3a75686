### The door of a group from inside, guests, new ground rules, and notes between facilitators.

## Who waits

door-all = { $count ->
    [one] Let { $count } person in
   *[other] Let all { $count } in
}
door-all-busy = Letting them in
# Below the button that lets all in, where some of those who wait need a closer look first.
door-all-but = Those who need a closer look go on waiting.
door-guest = Comes as a guest
# $text is what the guest was asked to speak about.
door-guest-for = Comes as a guest, for “{ $text }”
door-word = Write to everyone waiting
door-word-label = A few words to everyone waiting
door-word-hint = They stand on the page of each who waits. Nobody else can read them.
# What stands in the field at first.
door-word-start = Thank you for waiting. I will let you in soon.
door-word-do = Send
door-word-done = Everyone waiting has your words now.
door-no-title = Say no to { $name }
door-no-label = A few words with it
door-no-hint = { $name } reads them with the answer. You can leave them out.
# Kind words to choose from, one after the other.
door-no-full = Tonight is full. You are welcome another time.
door-no-moment = This is not a good moment for us. Please ask again another day.
door-no-place = I do not think this group is the right place for what you need now. I wish you well.
door-no-other = Other words
# A switch: this person cannot ask again at all.
door-no-final = They cannot ask again
door-no-final-hint = Without this they can ask again after a while, longer each time.
# One link was passed on to many. Ending it turns away all who wait by it.
door-crowd = { $count } of them ask by one and the same link. If you did not send it to so many, end it. They are told, and all others go on waiting.
door-crowd-do = End this link
door-none = Turn all { $count } away
door-none-hint = They are told no, without a word from you, and can ask again after a while.
door-refused = { $count ->
    [one] One was told not to ask again.
   *[other] { $count } were told not to ask again.
}
door-forgive = Let them ask again
door-no-do = Say no
door-no-not = Go back
refused-locked = The door is locked. Unlock it first, then let them in.

## A guest

guest-switch = As a guest speaker
guest-switch-hint = One person, for a part of one session. They go when it is over.
guest-segment = What you ask them to come for
guest-segment-example = Pacing, with a nurse
guest-minutes = For about
guest-minutes-count = { $count } minutes
guest-invite-note = They see the names people use here and what is said while they are there, nothing from before. When the session is over, or goes on to something else, they are thanked and can no longer read here.
guest-link-note = The link works once, until the session is over.
# In the list of invites that still work.
guest-link = For a guest
guest-thank = Thank { $name } and say goodbye
guest-thank-words = { $name } is a guest. They go by themselves when the session is over, or goes on from their part. You can say goodbye earlier.
guest-thanked = { $name } was thanked, and can no longer read here.
notice-thanked = { $who } was here as a guest, and has gone. Thank you for coming.
notice-visits = { $by } let { $who } in as a guest
thanked-title = Thank you for coming
thanked-words = Your time as a guest in { $group } is over. You can no longer read what is said there.

## Ground rules

rules-read = Read them
rules-changed-words = Please read what is new. When you agree, you can write again.
rules-new-lines = What is new
rules-gone-lines = What is no longer there
rules-whole = All of it
rules-agree = I agree
rules-leave = I do not, and want to leave
rules-agreed = Thank you. You can write again.
rules-change = Change the ground rules
rules-edit = The ground rules
rules-what-happens = What happens then
rules-asks-all = Everyone reads the new text and agrees before they write again. Until then they can read.
rules-ends-invites = The invite links that are out end, as they show the rules as they were. Who waits now is asked to come with a new link.
rules-write = Ask everyone to agree
rules-write-busy = Asking everyone
rules-written = The new ground rules stand. Everyone is asked to agree.
rules-keep = Leave them as they are
rules-who = Who has agreed
rules-has-agreed = Agreed
# $number is the edition of the rules that someone agreed to last.
rules-agreed-before = Agreed to edition { $number }, not yet to this one
rules-edition = Edition { $number }
notice-rules = { $who } changed the ground rules

## Notes between facilitators

notes-title = Notes for the next facilitator
notes-under = Only facilitators and owners read these
notes-unread = { $count ->
    [one] One you have not read
   *[other] { $count } you have not read
}
notes-none = No notes now.
notes-label = Leave a note
notes-hint = What helps whoever runs the next session. Write about people as if they read it.
notes-days = Keep it for
notes-days-count = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
notes-do = Leave the note
notes-done = Your note is there for the others.
notes-by = { $name }, { $time }
notes-until = Until { $day }
notes-take-back = Take it back
warning-handover-forged = A note came that no facilitator wrote. It was not shown.

## Waiting to be let in

waiting-page = Waiting
waiting-title = You are waiting to come in
# $seen: whether somebody who lets people in has seen it.
waiting-words = { $seen ->
    [true] They know that you are here.
    [false] Nobody is there to see it yet. They see it when they come.
   *[other] They see it when they look in.
  } You can close this page; we will keep your place.
# $from wrote $text to those who wait.
waiting-word = { $from } writes to you
# The group lets nobody in for now.
waiting-locked = The door is closed for now. You keep your place, and will be seen when it opens again.
waiting-name = You will be { $name }
withdraw = I do not want to wait
withdraw-title = Stop waiting?
withdraw-words = Your request is taken back, and { $from } no longer sees it. You can ask again as long as the invite works.
withdraw-do = Stop waiting
withdraw-stay = Keep my place
joining-in = You were let in. One moment.
# Puts away an answer that has been read.
joining-close = All right
declined-title = Not this time
declined-word = { $from } writes:
# $group: the group's name.
declined-words = The people who look after { $group } did not let you in now. That can have many reasons, such as a full group or a bad moment.
declined-next = If you know { $from }, you can ask. You are welcome in other groups.
# The server says that the request was turned down, and nobody in the group has confirmed it.
request-closed-title = Your request is no longer waiting
request-closed-words = The server says that it was turned down. No word came with it that would show who did so.
request-closed-next = If you know { $from }, ask in another way than through this page.
# $why is a reason of the server's.
request-ended-words = { $why ->
    [rules_changed] The ground rules have changed, and the link showed the old ones.
    [invite_used_up] The link was for fewer people than asked, and they have come.
    [invite_banned] Someone else who had this link may no longer come, so it has ended.
    [staff_changed] The people who look after { $group } have changed, and the link ended with that.
    [removed] You are no longer in { $group }, so you cannot come back with this.
   *[other] The link was taken back.
  }{ $why ->
    [removed] {""}
   *[other] {" "}Nobody decided about you.
  }
request-ended-next = Ask { $from } for a new link.
request-expired-title = Nobody answered in time
request-expired-words = Your request waited as long as it could. Ask { $from } for a new invite.
request-trouble-title = We stopped, to keep you safe
request-trouble-words = What the server handed over does not fit the invite you were given. You have not entered, and nothing of yours was shown to anyone.
request-trouble-next = Tell { $from } what you saw here, in another way than through this page.
