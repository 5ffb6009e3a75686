# Asking everyone something that they answer without a name, and answering it.
# People may be afraid to be recognised: say exactly what is hidden from whom, and what cannot be.

ask-menu = Ask without names
ask-menu-under = Questions or feedback; nobody is told whose they are
ask-title = Ask without names
ask-what = What do you ask for?
ask-questions = Questions
ask-feedback = How it was
# What people are asked, unless the facilitator writes something else.
ask-questions-prompt = What would you like to ask?
ask-feedback-prompt = How did this session leave you?
ask-prompt = Your words
ask-prompt-missing = Write what you want to ask.
ask-minutes = Time to answer
ask-minutes-count = { $count ->
    [one] { $count } minute
   *[other] { $count } minutes
}
# $readers are names: "Fern and Moss".
ask-how = { $readers } will read the answers, all together, a minute after the time is over. If fewer than five come, nobody reads any.
ask-do = Ask everyone
ask-doing = Asking…
ask-close = End it now

answer-open = Answer
answer-change = Change
answer-banner = Without a name, until { $time }: { $text }
answer-banner-kept = Your answer is kept here and goes by itself. You can change it until { $time }.
answer-banner-going = Answers are on their way. Please keep this page open until { $time }.
answer-banner-missed = Your answer could not go in time, so nobody has it.
answer-banner-few = Fewer than five answers came. So that nobody can guess whose they are, they were deleted unread.
answer-banner-in = The answers are in.
answer-read = Read them
answer-title = Without a name
answer-mood = How do you feel now?
answer-mood-better = Better
answer-mood-same = The same
answer-mood-worse = Worse
answer-mood-unsure = Not sure
answer-mood-none = Skip this
answer-question = Your question
answer-words = Anything you want to say
# $readers are names: "Fern and Moss".
answer-who = { $readers } can read this. Nobody is told who wrote it: not they, not the others, not the server.
answer-blank = Everyone's device sends an answer of the same size, also for those who say nothing.
answer-limits = People may still know you by how you write, or by what only you could know. And who runs the server could try to watch the network.
answer-keep = Keep this answer
answer-keeping = Keeping it…
answer-nothing = Nothing to say
answer-over = The time to answer is over.

answers-title = Answers without names
answers-none = Nothing was asked without names yet.
answers-open = Open until { $time }
answers-coming = Answers are on their way. They can be read after { $time }.
answers-few = Fewer than five answers came, so they were deleted unread.
answers-others = Those who facilitated then can read these.
answers-blank = Nobody said anything.
answers-count = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
}
answers-share = Share with the room
answers-shared = Shared
# The title of a card in the room with a question that somebody asked anonymously.
answers-card = Somebody asks
answers-read = Read the answers

warning-ballot-forged = An anonymous answer, or the permission for one, was not made as everyone agreed. It was left out.
warning-ballot-stuffed = More anonymous answers came than there are members. Some of them are not from this group.
refused-ballot-open = Something is being asked already. Wait until it is over.
refused-too-few = There have to be at least five people in the group, or everyone could guess who said what.
refused-no-session = This can be asked while a session is on; how it was, also on the day after.
refused-ballot-over = The time for this is over.
