### The words of planning: when the group meets, who comes, reminders, calendars, and what the evening is to be.

## Sessions

# A row in the room's menu and the title of the list.
schedule = When we meet
schedule-under = Times are shown by your own clock
schedule-none-short = Nothing is planned
schedule-none = No session is planned yet. You will see it here when one is.
schedule-none-staff = No session is planned yet.
schedule-more = Show later dates
session-on = On now
# How many said they come, to talk or to listen.
session-coming = { $count ->
    [0] Nobody has said yet
    [one] { $count } is coming
   *[other] { $count } are coming
}
# The same time where the group is. $when: such as "Tuesday 7:30 pm". $place: a town.
session-there = { $when } in { $place }
session-lasts = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
session-repeats = One of several dates
session-gone = This session is no longer planned.
# In a room where nobody has spoken yet.
empty-next = We meet { $when }.

## Who comes

answer-legend = Will you be there?
answer-coming = I’ll be there
answer-listening = Listening only
answer-not-today = Not today
answer-mine = You are coming
answer-mine-not = You are not coming
answers-title = Who comes
answers-none = Nobody has said yet.
answers-coming = Coming ({ $count }): { $names }
answers-listening = Coming to listen ({ $count }): { $names }
answers-not-today = Not this time ({ $count }): { $names }
answers-who = Only your group sees this. You can change your answer at any time, and nobody asks why.

## Planning

plan-session = Plan a session
plan-title = What is it called?
plan-title-hint = For example “Tuesday tea”. Your group sees it.
plan-date = Date
plan-time = Begins at
plan-by-clocks = By the clock in { $place }
plan-minutes = How many minutes
plan-minutes-wrong = Please write a number from 1 to 720.
plan-repeats = How often
repeat-once = Once
repeat-daily = Every day
repeat-weekly = Every week
repeat-fortnightly = Every two weeks
repeat-monthly = Every month
repeat-monthly-words = On the same day of the month. Months without that day are passed over.
plan-zone = By the clock in
plan-zone-hint = It stays the same time there when clocks change. Everyone else sees their own time.
plan-clock = Begins by itself
plan-clock-hint = Otherwise one of you opens it.
plan-note = A few words about it
plan-server = Our server learns when you meet and for how long, so that it can open the room. Not what it is called, and not where you are.
plan-do = Plan it
plan-busy = Planning
plan-done = It is planned. Everyone in the group sees it.
plan-in-the-past = This time is over already. Please choose a later one.
plan-overlapping = You already meet at that time. Please choose another one.
plan-impossible = There is no such date.
refused-too-many-plans = There are 16 plans already, and that is as many as there can be. Please cancel one that is over.
session-move = Move this date
session-move-do = Move it
session-moved = The date was moved.
session-skip = Skip this date
session-skip-words = This one date is taken out. The others stay.
session-skip-do = Skip it
session-skipped = The date was taken out.
session-cancel = Cancel it
session-cancel-all = Cancel all dates
session-cancel-words = Nothing of this plan is left. A session that is on goes on.
session-cancel-do = Cancel
session-cancelled = It is no longer planned.
session-keep = Leave it as it is
session-others-see = Everyone sees the new dates. Nobody gets a message, so a word in the room is kind.
between-switch = Everyone can write between sessions
between-hint = When this is off, people can read but not write until the next session.

## Reminders and calendar

calendar = Reminders and calendar
calendar-under = A reminder here, or the dates in your own calendar
remind-title = A reminder from this page
remind-legend = Remind me
remind-off = Not at all
remind-ten = 10 minutes before
remind-hour = 1 hour before
remind-limit = This works only while this page is open. To be reminded otherwise, use your own calendar, below.
remind-outside = Also when you look at something else
remind-outside-hint = Your device shows “Appointment soon”, and nothing about the group.
remind-denied = Your browser does not allow this page to notify you. You can change that in the browser’s settings.
remind-name = Show the group’s name there
remind-name-hint = Whoever sees your screen can read it.
# A reminder in the page, before a session begins. $name: the group. $time: such as "7:30 pm".
reminder-soon = { $name } meets at { $time }.
# Told once where the device's clock is more than five minutes off.
clock-wrong = This device's clock is wrong. You miss nothing by it.
# A notification outside the page, which others may see. It must not give away what it is about.
reminder-appointment = Appointment soon
calendar-address-title = In your own calendar
calendar-address-words = Your calendar can follow an address of ours. All it shows is “Appointment”, and when. Keep the address to yourself: whoever has it can see the times.
calendar-make = For this group
calendar-make-all = For all my groups
calendar-made = Copy it now and add it to your calendar. We do not show it again.
calendar-copy = Copy the address
calendar-of-group = For this group
calendar-of-all = For all your groups
# $day: a date.
calendar-since = Made on { $day }
calendar-file-title = With names, as a file
calendar-file-words = Your device makes a file with the real names of the sessions. If your calendar keeps things online or shares them, others may read them there.
calendar-file-do = Save the file

## What the evening is to be

run-sheet = Plan the evening
run-sheet-under = Its parts, and how long each takes
run-sheet-choose = Choose one to begin with, and change what you like
run-sheet-total = { $count ->
    [one] { $count } minute in all
   *[other] { $count } minutes in all
}
run-sheet-other = Begin from another one
run-sheet-seen = Everyone in the group sees the parts. When the session ends they are cleared; if it was planned, its plan keeps them for the next time.
run-sheet-do = Keep it
run-sheet-done = The evening is planned.
evening-number = Part { $at }
evening-title = Part
evening-minutes = Minutes
evening-kind = Kind
evening-up = Earlier
evening-down = Later
evening-remove = Remove
evening-add = Add a part
# Read aloud after a part was moved.
evening-moved = Now part { $at } of { $count }
kind-welcome = Welcome
kind-rules = Ground rules
kind-check-in = Check-in round
kind-topic = Topic
kind-guest = Guest
kind-questions = Questions
kind-exercise = Exercise
kind-break = Break
kind-closing = Closing round
kind-other = Something else
template-structured = A structured evening
template-free = Free-flowing
template-steps = 12-step style
template-led = Led by a professional
template-newcomers = For newcomers
run-sheet-last-time = Same as last time
run-sheet-as-it-is = Use as it is
run-sheet-change = Change it first
template-none = Begin with nothing
evening-arriving = Arriving
evening-agreed = What we agreed
evening-how-are-you = How is everyone today?
evening-topic = Our topic today
evening-take-along = One thing to take along
evening-who-is-here = A short round: who is here
evening-open-talk = Open talk
evening-quiet-moment = Arriving, and a moment of quiet
evening-we-share = Reading: why we meet
evening-step = Reading: today’s step
evening-sharing = Sharing, one after another
evening-thanks = Thanks, and closing words
evening-learn = Something to learn
evening-questions = Your questions
evening-try = Trying it, gently
evening-welcome-new = Welcome to those who are new
evening-agreed-read = What we agreed, read together
evening-how-evenings-go = How our evenings go
evening-names = Names, and as much as you like
