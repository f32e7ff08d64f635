# The program's own words on pages, in English. Messages with a count have $number, the same as it is
# written; what comes from a talk or a catalog comes in as it is.

thousands-separator = ,

# Counts
talks = { $count ->
    [one] { $number } talk
   *[other] { $number } talks
}
talks-word = { $count ->
    [one] talk
   *[other] talks
}
categories-word = { $count ->
    [one] category
   *[other] categories
}
speakers-word = { $count ->
    [one] speaker
   *[other] speakers
}
minutes = { $count ->
    [one] { $number } minute
   *[other] { $number } minutes
}
hours = { $count ->
    [one] { $number } hour
   *[other] { $number } hours
}
minutes-word = { $count ->
    [one] minute
   *[other] minutes
}
hours-word = { $count ->
    [one] hour
   *[other] hours
}
part-of-talks = { $shown } of { $talks }
part = { $shown } of { $number }
part-of-section = { $shown } of { $number } talks
none-of-talks = None of { $talks }

# Days
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
day = { $day } { $month } { $year }
days-of-month = { $first }–{ $last } { $month } { $year }
days-of-year = { $first } { $first-month } – { $last } { $month } { $year }
days = { $first } – { $last }

# Languages
language-ar = Arabic
language-cs = Czech
language-da = Danish
language-de = German
language-el = Greek
language-en = English
language-es = Spanish
language-fi = Finnish
language-fr = French
language-he = Hebrew
language-hi = Hindi
language-id = Indonesian
language-it = Italian
language-ja = Japanese
language-ko = Korean
language-nl = Dutch
language-no = Norwegian
language-pl = Polish
language-pt = Portuguese
language-ro = Romanian
language-ru = Russian
language-sv = Swedish
language-tr = Turkish
language-uk = Ukrainian
language-vi = Vietnamese
language-zh = Chinese
in-language = in { $language }

# The head of the page
about-page = { $title }: { $talks }, each in two sentences, by category.
about-talks = { $talks }, each in two sentences, by category.
skip-to-talks = Skip to the talks
website = Website
logo-of = Logo of { $title }

# How summaries came about
written = Written by a model
written-from-abstract = Written by a model from the abstract
excerpt = Excerpt
imported = From an earlier page
from-organizers = From the organizers
summaries-from-organizers = Summaries from the organizers
summaries-written = Summaries written by a model
summaries-from-abstracts = Summaries written by a model from abstracts
summaries-excerpts = Excerpts
summaries-imported = Summaries from an earlier page
note-written = “Written by a model” says that a language model wrote the two sentences from what was said in the talk.
note-excerpt = An excerpt is a piece of the talk’s own words or of its description.
note-imported = “From an earlier page” says that a summary was taken over from a page made earlier.

# Contents, search and filters
contents = Contents
talks-label = Talks
search = Search
search-talks = Search { $talks }
filter = Filter
filter-chosen = Filter ({ $number })
order = Order
order-by-category = By category
order-best = Best first
order-newest = Newest first
order-oldest = Oldest first
order-shortest = Shortest first
order-longest = Longest first
order-title = By title
heading-best = { $talks }, the best first
heading-newest = { $talks }, newest first
heading-oldest = { $talks }, oldest first
heading-shortest = { $talks }, shortest first
heading-longest = { $talks }, longest first
heading-title = { $talks }, by title
all-talks = All talks
view = View
view-titles = Titles
view-summaries = Summaries
view-pictures = Pictures
category = Category
speaker = Speaker
language = Language
length = Length
all = All
any = Any
a-name = A name
close = Close
length-10 = under 10 minutes
length-30 = 10 to 30 minutes
length-60 = 30 to 60 minutes
length-more = over an hour
no-talk-mentions = No talk mentions “{ $words }”.
no-talk-left = No talk is left.
filters-hide = { $count ->
    [one] These filters hide { $number } talk that mentions “{ $words }”.
   *[other] These filters hide { $number } talks that mention “{ $words }”.
}
show-for = Show { $talks } for “{ $words }”
search-all-conferences = Search all conferences
search-what-was-said = Search what was said in these talks
remove-filter = Remove the filter { $name }
show-all = Show all
more = more

# A talk
link = Link
link-to = to { $title }
link-copied = Link copied
later = Watch later
later-talk = Watch later: { $title }
keep-list = Add these talks to my list
copy-list = Copy the link to these talks
listen-at = Listen at { $time }
where-it-is-said = Where it is said
no-summary = No summary yet.
chapters = Chapters
similar-talks = Similar talks
page-of-talk = Page of this talk

# The player
play-here = Play here
play-here-title = Play here: { $title }
consent-question = Play this talk here?
consent-note = The player comes from youtube-nocookie.com. Once it is loaded, YouTube sees your address and may store data in this browser.
consent-remember = Do not ask again in this browser
watch-on-youtube = Watch on YouTube
watch-recording = Watch the recording
cancel = Cancel
consent-given = Talks play here without asking, as you chose.
ask-again = Ask again

# The page of a talk
skip-to-talk = Skip to the talk
description = Description
transcript = Transcript
captions-organizer = Captions from the organizers.
captions-manual = Captions that somebody wrote.
captions-automatic = Captions by speech recognition: names and numbers may be wrong.
captions-transcribed = Written down by a model: names and numbers may be wrong.
more-talks = More talks
previous-talk = Previous talk
next-talk = Next talk

# The Markdown page, and sections without a category
videos = { $count ->
    [one] { $number } video
   *[other] { $number } videos
}
uncategorized = Uncategorized
talks-and-length = { $talks }, about { $length }
back-to-top = back to top
markdown-written = Summaries were written by a language model.
markdown-excerpts = An excerpt is a piece of the talk's own words or of its description.
note-from-abstract = From the abstract

# The index of a site
conferences = { $count ->
    [one] { $number } conference
   *[other] { $number } conferences
}
conferences-label = Conferences
skip-to-conferences = Skip to the conferences
speakers = { $count ->
    [one] { $number } speaker
   *[other] { $number } speakers
}
topics = { $count ->
    [one] { $number } topic
   *[other] { $number } topics
}
speakers-label = Speakers
topics-label = Topics
skip-to-list = Skip to the list
search-all-talks = Search all talks
searched-fields = Title, speaker, category or summary
talks-found = Talks found
talks-in-conferences = { $talks } in { $conferences }
year = Year
conference = Conference
what-was-said = In what was said
said-nowhere = Nobody said that.
said-in = In { $talks }
said-maybe-in = { $talks } may have it; these have been read:
said-too-short = Too many words begin with “{ $words }”. Type more letters.
said-not-loaded = What was said cannot be searched: { $file } is not beside this page.
look-further = Look further
show-more = Show more
categories-label = Categories
more-categories = and { $number } more
loading-talks = Loading the talks …
talks-not-loaded = The list of talks cannot be loaded: { $file } is not beside this page.
no-such-page = There is no such page
no-such-page-note = The address may be misspelled, or the talk may have been taken out.
about-recordings = Recordings of talks, each summarized in two sentences.
