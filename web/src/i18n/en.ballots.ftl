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

ballot-open = Answer
ballot-change = Change
ballot-banner = Without a name, until { $time }: { $text }
ballot-banner-kept = Your answer is kept here and goes by itself. You can change it until { $time }.
ballot-banner-going = Answers are on their way. Please keep this page open until { $time }.
ballot-banner-missed = Your answer could not go in time, so nobody has it.
ballot-banner-few = Fewer than five answers came. So that nobody can guess whose they are, they were deleted unread.
ballot-banner-in = The answers are in.
ballot-read = Read them
ballot-title = Without a name
ballot-mood = How do you feel now?
ballot-mood-better = Better
ballot-mood-same = The same
ballot-mood-worse = Worse
ballot-mood-unsure = Not sure
ballot-mood-none = Skip this
ballot-question = Your question
ballot-words = Anything you want to say
# $readers are names: "Fern and Moss".
ballot-who = { $readers } can read this. Nobody is told who wrote it: not they, not the others, not the server.
ballot-blank = Everyone's device sends an answer of the same size, also for those who say nothing.
ballot-limits = People may still know you by how you write, or by what only you could know. And who runs the server could try to watch the network.
ballot-keep = Keep this answer
ballot-keeping = Keeping it…
ballot-nothing = Nothing to say
ballot-over = The time to answer is over.

ballots-title = Answers without names
ballots-none = Nothing was asked without names yet.
ballots-open = Open until { $time }
ballots-coming = Answers are on their way. They can be read after { $time }.
ballots-few = Fewer than five answers came, so they were deleted unread.
ballots-others = Those who facilitated then can read these.
ballots-blank = Nobody said anything.
ballots-count = { $count ->
    [one] { $count } answer
   *[other] { $count } answers
}
ballots-share = Share with the room
ballots-shared = Shared
# The title of a card in the room with a question that somebody asked anonymously.
ballots-card = Somebody asks
ballots-read = Read the answers

warning-ballot-forged = An anonymous answer, or the permission for one, was not made as everyone agreed. It was left out.
warning-ballot-stuffed = More anonymous answers came than there are members. Some of them are not from this group.
refused-ballot-open = Something is being asked already. Wait until it is over.
refused-too-few = There have to be at least five people in the group, or everyone could guess who said what.
refused-ballot-over = The time for this is over.
