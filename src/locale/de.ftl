# Die eigenen Wörter des Programms auf Seiten, auf Deutsch.

thousands-separator = .

talks = { $count ->
    [one] { $number } Vortrag
   *[other] { $number } Vorträge
}
talks-word = { $count ->
    [one] Vortrag
   *[other] Vorträge
}
categories-word = { $count ->
    [one] Kategorie
   *[other] Kategorien
}
speakers-word = { $count ->
    [one] vortragende Person
   *[other] Vortragende
}
minutes = { $count ->
    [one] { $number } Minute
   *[other] { $number } Minuten
}
hours = { $count ->
    [one] { $number } Stunde
   *[other] { $number } Stunden
}
minutes-word = { $count ->
    [one] Minute
   *[other] Minuten
}
hours-word = { $count ->
    [one] Stunde
   *[other] Stunden
}
part-of-talks = { $shown } von { $number } Vorträgen
part = { $shown } von { $number }
part-of-section = { $shown } von { $number } Vorträgen
none-of-talks = Keiner von { $number } Vorträgen

month-1 = Januar
month-2 = Februar
month-3 = März
month-4 = April
month-5 = Mai
month-6 = Juni
month-7 = Juli
month-8 = August
month-9 = September
month-10 = Oktober
month-11 = November
month-12 = Dezember
day = { $day }. { $month } { $year }
days-of-month = { $first }.–{ $last }. { $month } { $year }
days-of-year = { $first }. { $first-month } – { $last }. { $month } { $year }
days = { $first } – { $last }

language-ar = Arabisch
language-cs = Tschechisch
language-da = Dänisch
language-de = Deutsch
language-el = Griechisch
language-en = Englisch
language-es = Spanisch
language-fi = Finnisch
language-fr = Französisch
language-he = Hebräisch
language-hi = Hindi
language-id = Indonesisch
language-it = Italienisch
language-ja = Japanisch
language-ko = Koreanisch
language-nl = Niederländisch
language-no = Norwegisch
language-pl = Polnisch
language-pt = Portugiesisch
language-ro = Rumänisch
language-ru = Russisch
language-sv = Schwedisch
language-tr = Türkisch
language-uk = Ukrainisch
language-vi = Vietnamesisch
language-zh = Chinesisch
in-language = auf { $language }

about-page = { $title }: { $talks }, jeder in zwei Sätzen, nach Kategorien.
about-talks = { $talks }, jeder in zwei Sätzen, nach Kategorien.
skip-to-talks = Zu den Vorträgen springen
website = Website
logo-of = Logo von { $title }

written = Von einem Modell geschrieben
written-from-abstract = Von einem Modell nach der Ankündigung geschrieben
excerpt = Auszug
imported = Von einer früheren Seite
from-organizers = Von den Veranstaltern
summaries-from-organizers = Zusammenfassungen von den Veranstaltern
summaries-written = Zusammenfassungen von einem Modell geschrieben
summaries-from-abstracts = Zusammenfassungen von einem Modell nach Ankündigungen geschrieben
summaries-excerpts = Auszüge
summaries-imported = Zusammenfassungen von einer früheren Seite
note-written = „Von einem Modell geschrieben“ heißt: Ein Sprachmodell hat die beiden Sätze aus dem geschrieben, was im Vortrag gesagt wurde.
note-excerpt = Ein Auszug ist ein Stück aus dem Vortrag oder aus seiner Beschreibung.
note-imported = „Von einer früheren Seite“ heißt: Die Zusammenfassung wurde von einer älteren Seite übernommen.

contents = Inhalt
talks-label = Vorträge
search = Suche
search-talks = { $talks } durchsuchen
filter = Filter
filter-chosen = Filter ({ $number })
order = Reihenfolge
order-by-category = Nach Kategorie
order-best = Beste zuerst
order-newest = Neueste zuerst
order-oldest = Älteste zuerst
order-shortest = Kürzeste zuerst
order-longest = Längste zuerst
order-title = Nach Titel
heading-best = { $talks }, die besten zuerst
heading-newest = { $talks }, neueste zuerst
heading-oldest = { $talks }, älteste zuerst
heading-shortest = { $talks }, kürzeste zuerst
heading-longest = { $talks }, längste zuerst
heading-title = { $talks }, nach Titel
all-talks = Alle Vorträge
view = Ansicht
view-titles = Titel
view-summaries = Texte
view-pictures = Bilder
category = Kategorie
speaker = Vortragende
language = Sprache
length = Länge
all = Alle
any = Jede
a-name = Ein Name
close = Schließen
length-10 = unter 10 Minuten
length-30 = 10 bis 30 Minuten
length-60 = 30 bis 60 Minuten
length-more = über eine Stunde
no-talk-mentions = Kein Vortrag erwähnt „{ $words }“.
no-talk-left = Kein Vortrag ist übrig.
filters-hide = { $count ->
    [one] Diese Filter verbergen { $number } Vortrag, der „{ $words }“ erwähnt.
   *[other] Diese Filter verbergen { $number } Vorträge, die „{ $words }“ erwähnen.
}
show-for = { $talks } zu „{ $words }“ zeigen
search-all-conferences = Alle Konferenzen durchsuchen
search-what-was-said = In den Mitschriften suchen
remove-filter = Filter { $name } entfernen
show-all = Alle zeigen
more = mehr

link = Link
link-to = zu { $title }
link-copied = Link kopiert
later = Später ansehen
later-talk = Später ansehen: { $title }
keep-list = Diese Vorträge merken
copy-list = Link zu diesen Vorträgen kopieren
listen-at = Ab { $time } anhören
where-it-is-said = Wo das gesagt wird
no-summary = Noch keine Zusammenfassung.
chapters = Kapitel
similar-talks = Ähnliche Vorträge
page-of-talk = Seite dieses Vortrags

play-here = Hier abspielen
play-here-title = Hier abspielen: { $title }
consent-question = Diesen Vortrag hier abspielen?
consent-note = Der Player kommt von youtube-nocookie.com. Sobald er geladen ist, sieht YouTube Ihre Adresse und kann in diesem Browser Daten speichern.
consent-remember = In diesem Browser nicht mehr fragen
watch-on-youtube = Auf YouTube ansehen
watch-recording = Aufzeichnung ansehen
cancel = Abbrechen
consent-given = Vorträge werden hier ohne Nachfrage abgespielt, wie Sie es gewählt haben.
ask-again = Wieder fragen

skip-to-talk = Zum Vortrag springen
description = Beschreibung
transcript = Wortlaut
captions-organizer = Untertitel von den Veranstaltern.
captions-manual = Untertitel, die jemand geschrieben hat.
captions-automatic = Untertitel durch Spracherkennung: Namen und Zahlen können falsch sein.
captions-transcribed = Von einem Modell mitgeschrieben: Namen und Zahlen können falsch sein.
more-talks = Weitere Vorträge
previous-talk = Voriger Vortrag
next-talk = Nächster Vortrag

videos = { $count ->
    [one] { $number } Video
   *[other] { $number } Videos
}
uncategorized = Ohne Kategorie
talks-and-length = { $talks }, etwa { $length }
back-to-top = nach oben
markdown-written = Die Zusammenfassungen hat ein Sprachmodell geschrieben.
markdown-excerpts = Ein Auszug ist ein Stück aus dem Vortrag oder aus seiner Beschreibung.
note-from-abstract = Nach der Ankündigung

conferences = { $count ->
    [one] { $number } Konferenz
   *[other] { $number } Konferenzen
}
conferences-label = Konferenzen
skip-to-conferences = Zu den Konferenzen springen
speakers = { $count ->
    [one] { $number } vortragende Person
   *[other] { $number } Vortragende
}
topics = { $count ->
    [one] { $number } Thema
   *[other] { $number } Themen
}
speakers-label = Vortragende
topics-label = Themen
skip-to-list = Zur Liste springen
search-all-talks = Alle Vorträge durchsuchen
searched-fields = Titel, Vortragende, Kategorie oder Text
talks-found = Gefundene Vorträge
talks-in-conferences = { $talks } in { $conferences }
year = Jahr
conference = Konferenz
what-was-said = In den Mitschriften
said-nowhere = Niemand hat das gesagt.
said-in = In { $talks }
said-maybe-in = { $talks } kommen in Frage; diese sind gelesen:
said-too-short = Zu viele Wörter beginnen mit „{ $words }“. Geben Sie mehr Buchstaben ein.
said-not-loaded = Die Mitschriften können nicht durchsucht werden: { $file } liegt nicht neben dieser Seite.
look-further = Weiter suchen
show-more = Mehr zeigen
categories-label = Kategorien
more-categories = und { $number } weitere
loading-talks = Die Vorträge werden geladen …
talks-not-loaded = Die Liste der Vorträge kann nicht geladen werden: { $file } liegt nicht neben dieser Seite.
no-such-page = Diese Seite gibt es nicht
no-such-page-note = Vielleicht ist die Adresse falsch geschrieben, oder der Vortrag wurde herausgenommen.
about-recordings = Aufzeichnungen von Vorträgen, jeder in zwei Sätzen zusammengefasst.
