### English, about reports and cards. The voice is that of en.ftl.

## Reports

# Inside a sentence, for the person who looks: "Fern and you", "about you".
you-inside = you
# Inside a sentence, for who is no longer in the group.
someone-gone = someone who is gone
# The same, where a sentence begins.
someone-gone-first = Someone who is gone
report-title-message = Report this message
report-title-check = Please check this
report-title-person = Report someone
report-title-situation = Tell those who look after the group
# Under the ways to report: who hears of it.
report-open-under = Only those who look after the group hear of it
report-open-situation = Something is not right here
report-open-person = Report { $name }
report-check-under = For a claim that could do harm
report-check-words = If a claim worries you, the people who look after the group can look at it. Nobody is put on the spot.
report-note = What happened?
report-note-check = What should they look at?
report-note-missing = Please say in a few words what happened.
report-around = Send messages around it along?
report-along = Send the newest messages along?
report-around-count = { $count ->
    [0] None
   *[other] { $count }
}
report-along-count = { $count ->
    [one] Just this message goes along
   *[other] See the { $count } messages that go along
}
# $readers: a list of names. $count: how many.
report-readers = { $count ->
    [one] { $readers } will read this and see that it is from you. Nobody else will.
   *[other] { $readers } will read this and see that it is from you. Nobody else will.
}
# $name: the person who is reported.
report-not-told = { $name } does not see this and is not told.
report-check-not-told = { $name } does not see this and is not told that you asked.
report-about-staff = Is it about one of them? Then open that person and report them there: what you write does not reach them.
report-server = The server cannot read it. It knows that you sent a report.
report-send = Send the report
report-sending = Sending
report-not = Not now
report-gone = This message is no longer here, so it cannot be reported.
report-nobody = There is nobody else here who could read this report.
report-nobody-next = If you need to talk to someone, you deserve that: a friend, your doctor or a helpline near you are there for it. You can leave this group whenever you want.
report-sent-title = Thank you for telling
report-sent = { $readers } can read it now.
report-sent-next = What becomes of it stands in the menu, under “Your reports”.
report-sent-close = Back to the conversation
own-reports = Your reports
own-reports-words = Only you and those who can read your reports know of them.
own-reports-none = You have not reported anything here.
# A report that was filed on another device: this one does not know what it was about.
own-report-elsewhere = Something you reported on another device
own-report-situation = Something that happened here
own-report-about = About { $name }
own-report-check = Please check: a message of { $name }
own-report-open = It has been handed over
own-report-resolved = It has been seen to
desk-title = Reports
desk-title-under = { $count ->
    [0] Nothing waits
    [one] { $count } waits for someone
   *[other] { $count } wait for someone
}
desk-banner = { $count ->
    [one] A report is waiting
   *[other] { $count } reports are waiting
}
desk-open = Read
desk-none = There are no reports for you to read.
desk-resolved = Seen to
desk-kept = What was seen to is deleted after 90 days.
desk-row-check = { $name }: please check this
desk-row-situation = { $name } about the room
desk-row-about = { $name } about { $who }
desk-proved = proved
desk-not-proved = not proved
desk-assigned = { $name } looks into it
desk-report = Report
desk-report-of = Report { $number } of { $count }
desk-gone = This report is no longer here.
# $readers: a list of names.
desk-readers = Only { $readers } can read this
desk-wrote = { $name } wrote to you · { $time }
desk-asks = { $name } asks to check this · { $time }
desk-about = It is about { $name }.
desk-proved-word = Proved.
desk-proved-words = { $name } wrote exactly this.
desk-not-proved-word = Not proved.
desk-not-proved-words = We cannot tell whether { $name } wrote this.
# Read aloud beside the message that a report is about.
desk-line-meant = This is the message that is meant
desk-line-not-proved = Not proved
desk-lines = { $count ->
    [one] { $name } sent this line. You see no others.
   *[other] { $name } sent these { $count } lines. You see no others.
}
desk-entries = What was written about it
desk-entry-note = { $name } wrote
desk-entry-assign = { $name }: { $who } looks into it
desk-entry-let-go = { $name }: nobody looks into it for now
desk-entry-resolve = { $name }: seen to
desk-entry-reopen = { $name } took it up again
desk-answer-card = Answer with a card
desk-person = Talk with { $name }, mute or remove
desk-take = I will look into it
desk-let-go = Someone else should look into it
desk-add-note = Write a note
desk-resolve = Close, it is seen to
desk-reopen = Take it up again
desk-note-label = Note
desk-note-hint = Those who can read this report can read it.
desk-note-missing = Please write something.
desk-note-do = Keep the note
desk-answer-label = A word to { $name }
desk-answer-hint = Only { $name } can read it.
desk-answer-gone = Who wrote this is no longer in the group, so there is nobody to answer.
desk-resolve-do = Close the report

## Cards: what is known about something, from those who look after the group

card-title = Answer with a card
card-words = A card stands in the conversation for everyone, calm and without blame. It does not say who asked.
card-about = It answers this message:
card-heading = Heading
card-heading-missing = Please give it a heading.
card-text = What is known, and where to read more
card-text-missing = Please write what is known.
card-do = Show the card to everyone
card-busy = Sending
# Above a card in the conversation.
card-good = Good to know
# $name: whose message the card answers.
card-answers = Good to know, about what { $name } wrote

## Refusals, and what a device noticed

refused-no-recipient = There is nobody else here who could read this.
refused-report-unknown = This report is no longer there.
warning-report-forged = A report came that nobody in the group signed. It was not shown.
