# Les mots du programme lui-même sur les pages, en français.

thousands-separator = { "\u202F" }

talks = { $count ->
    [one] { $number } conférence
   *[other] { $number } conférences
}
talks-word = { $count ->
    [one] conférence
   *[other] conférences
}
categories-word = { $count ->
    [one] catégorie
   *[other] catégories
}
speakers-word = { $count ->
    [one] personne à l’affiche
   *[other] personnes à l’affiche
}
minutes = { $count ->
    [one] { $number } minute
   *[other] { $number } minutes
}
hours = { $count ->
    [one] { $number } heure
   *[other] { $number } heures
}
minutes-word = { $count ->
    [one] minute
   *[other] minutes
}
hours-word = { $count ->
    [one] heure
   *[other] heures
}
part-of-talks = { $shown } sur { $talks }
part = { $shown } sur { $number }
part-of-section = { $shown } sur { $number } conférences
none-of-talks = Aucune sur { $talks }

month-1 = janvier
month-2 = février
month-3 = mars
month-4 = avril
month-5 = mai
month-6 = juin
month-7 = juillet
month-8 = août
month-9 = septembre
month-10 = octobre
month-11 = novembre
month-12 = décembre
day = { $day ->
    [1] 1er { $month } { $year }
   *[other] { $day } { $month } { $year }
}
days-of-month = { $first }–{ $last } { $month } { $year }
days-of-year = { $first } { $first-month } – { $last } { $month } { $year }
days = { $first } – { $last }

language-ar = arabe
language-cs = tchèque
language-da = danois
language-de = allemand
language-el = grec
language-en = anglais
language-es = espagnol
language-fi = finnois
language-fr = français
language-he = hébreu
language-hi = hindi
language-id = indonésien
language-it = italien
language-ja = japonais
language-ko = coréen
language-nl = néerlandais
language-no = norvégien
language-pl = polonais
language-pt = portugais
language-ro = roumain
language-ru = russe
language-sv = suédois
language-tr = turc
language-uk = ukrainien
language-vi = vietnamien
language-zh = chinois
in-language = en { $language }

about-page = { $title } : { $talks }, chacune en deux phrases, par catégorie.
about-talks = { $talks }, chacune en deux phrases, par catégorie.
skip-to-talks = Aller aux conférences
website = Site web
logo-of = Logo de { $title }

written = Écrit par un modèle
written-from-abstract = Écrit par un modèle d’après l’annonce
excerpt = Extrait
imported = Repris d’une page antérieure
from-organizers = Écrit par l’organisation
summaries-from-organizers = Résumés écrits par l’organisation
summaries-written = Résumés écrits par un modèle
summaries-from-abstracts = Résumés écrits par un modèle d’après les annonces
summaries-excerpts = Extraits
summaries-imported = Résumés repris d’une page antérieure
note-written = « Écrit par un modèle » : un modèle de langue a écrit les deux phrases d’après ce qui a été dit.
note-excerpt = Un extrait est un morceau de la conférence elle-même ou de sa description.
note-imported = « Repris d’une page antérieure » : le résumé vient d’une page plus ancienne.

contents = Sommaire
talks-label = Conférences
search = Recherche
search-talks = Chercher dans { $talks }
filter = Filtrer
filter-chosen = Filtrer ({ $number })
order = Ordre
order-by-category = Par catégorie
order-best = Les plus pertinentes
order-newest = Les plus récentes
order-oldest = Les plus anciennes
order-shortest = Les plus courtes
order-longest = Les plus longues
order-title = Par titre
heading-best = { $talks }, les plus pertinentes d’abord
heading-newest = { $talks }, les plus récentes d’abord
heading-oldest = { $talks }, les plus anciennes d’abord
heading-shortest = { $talks }, les plus courtes d’abord
heading-longest = { $talks }, les plus longues d’abord
heading-title = { $talks }, par titre
all-talks = Toutes les conférences
view = Affichage
view-titles = Titres
view-summaries = Résumés
view-pictures = Images
category = Catégorie
speaker = Personne
language = Langue
length = Durée
all = Toutes
any = Toutes
a-name = Un nom
close = Fermer
length-10 = moins de 10 minutes
length-30 = de 10 à 30 minutes
length-60 = de 30 à 60 minutes
length-more = plus d’une heure
no-talk-mentions = Aucune conférence ne mentionne « { $words } ».
no-talk-left = Il ne reste aucune conférence.
filters-hide = { $count ->
    [one] Ces filtres cachent { $number } conférence qui mentionne « { $words } ».
   *[other] Ces filtres cachent { $number } conférences qui mentionnent « { $words } ».
}
show-for = Voir { $talks } pour « { $words } »
search-all-conferences = Chercher dans tous les événements
search-what-was-said = Chercher dans ce qui a été dit
remove-filter = Enlever le filtre { $name }
show-all = Tout afficher
more = suite

link = Lien
link-to = vers { $title }
link-copied = Lien copié
later = À regarder plus tard
later-talk = À regarder plus tard : { $title }
keep-list = Ajouter ces conférences à ma liste
copy-list = Copier le lien vers ces conférences
listen-at = Écouter à { $time }
where-it-is-said = Où cela est dit
no-summary = Pas encore de résumé.
chapters = Chapitres
similar-talks = Conférences semblables
page-of-talk = Page de cette conférence

play-here = Lire ici
play-here-title = Lire ici : { $title }
consent-question = Lire cette conférence ici ?
consent-note = Le lecteur vient de youtube-nocookie.com. Une fois chargé, YouTube voit votre adresse et peut enregistrer des données dans ce navigateur.
consent-remember = Ne plus demander dans ce navigateur
watch-on-youtube = Voir sur YouTube
watch-recording = Voir l’enregistrement
cancel = Annuler
consent-given = Les conférences sont lues ici sans demander, comme vous l’avez choisi.
ask-again = Redemander

skip-to-talk = Aller à la conférence
description = Description
transcript = Transcription
captions-organizer = Sous-titres de l’organisation.
captions-manual = Sous-titres écrits par quelqu’un.
captions-automatic = Sous-titres par reconnaissance vocale : noms et nombres peuvent être faux.
captions-transcribed = Transcrit par un modèle : noms et nombres peuvent être faux.
more-talks = Autres conférences
previous-talk = Conférence précédente
next-talk = Conférence suivante

videos = { $count ->
    [one] { $number } vidéo
   *[other] { $number } vidéos
}
uncategorized = Sans catégorie
talks-and-length = { $talks }, environ { $length }
back-to-top = haut de page
markdown-written = Les résumés ont été écrits par un modèle de langue.
markdown-excerpts = Un extrait est un morceau de la conférence elle-même ou de sa description.
note-from-abstract = D’après l’annonce

conferences = { $count ->
    [one] { $number } événement
   *[other] { $number } événements
}
conferences-label = Événements
skip-to-conferences = Aller aux événements
speakers = { $count ->
    [one] { $number } personne à l’affiche
   *[other] { $number } personnes à l’affiche
}
topics = { $count ->
    [one] { $number } thème
   *[other] { $number } thèmes
}
speakers-label = Personnes à l’affiche
topics-label = Thèmes
skip-to-list = Aller à la liste
search-all-talks = Chercher dans toutes les conférences
searched-fields = Titre, personne, catégorie ou résumé
talks-found = Conférences trouvées
talks-in-conferences = { $talks } dans { $conferences }
year = Année
conference = Événement
what-was-said = Dans ce qui a été dit
said-nowhere = Personne n’a dit cela.
said-in = Dans { $talks }
said-maybe-in = Résultats possibles : { $talks } ; ceux-ci ont été lus :
said-too-short = Trop de mots commencent par « { $words } ». Saisissez plus de lettres.
said-not-loaded = La recherche dans ce qui a été dit ne fonctionne pas : { $file } n’est pas à côté de cette page.
look-further = Chercher plus loin
show-more = Afficher plus
categories-label = Catégories
more-categories = et { $number } de plus
loading-talks = Chargement des conférences…
talks-not-loaded = La liste des conférences ne peut pas être chargée : { $file } n’est pas à côté de cette page.
no-such-page = Cette page n’existe pas
no-such-page-note = L’adresse est peut-être mal écrite, ou la conférence a été retirée.
about-recordings = Enregistrements de conférences, chacune résumée en deux phrases.
