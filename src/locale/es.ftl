# Las palabras propias del programa en las páginas, en español.

thousands-separator = .

talks = { $count ->
    [one] { $number } charla
   *[other] { $number } charlas
}
talks-word = { $count ->
    [one] charla
   *[other] charlas
}
categories-word = { $count ->
    [one] categoría
   *[other] categorías
}
speakers-word = { $count ->
    [one] ponente
   *[other] ponentes
}
minutes = { $count ->
    [one] { $number } minuto
   *[other] { $number } minutos
}
hours = { $count ->
    [one] { $number } hora
   *[other] { $number } horas
}
minutes-word = { $count ->
    [one] minuto
   *[other] minutos
}
hours-word = { $count ->
    [one] hora
   *[other] horas
}
part-of-talks = { $shown } de { $talks }
part = { $shown } de { $number }
part-of-section = { $shown } de { $number } charlas
none-of-talks = Ninguna de { $talks }

month-1 = enero
month-2 = febrero
month-3 = marzo
month-4 = abril
month-5 = mayo
month-6 = junio
month-7 = julio
month-8 = agosto
month-9 = septiembre
month-10 = octubre
month-11 = noviembre
month-12 = diciembre
day = { $day } de { $month } de { $year }
days-of-month = { $first }–{ $last } de { $month } de { $year }
days-of-year = { $first } de { $first-month } – { $last } de { $month } de { $year }
days = { $first } – { $last }

language-ar = árabe
language-cs = checo
language-da = danés
language-de = alemán
language-el = griego
language-en = inglés
language-es = español
language-fi = finés
language-fr = francés
language-he = hebreo
language-hi = hindi
language-id = indonesio
language-it = italiano
language-ja = japonés
language-ko = coreano
language-nl = neerlandés
language-no = noruego
language-pl = polaco
language-pt = portugués
language-ro = rumano
language-ru = ruso
language-sv = sueco
language-tr = turco
language-uk = ucraniano
language-vi = vietnamita
language-zh = chino
in-language = en { $language }

about-page = { $title }: { $talks }, cada una en dos frases, por categoría.
about-talks = { $talks }, cada una en dos frases, por categoría.
skip-to-talks = Ir a las charlas
website = Sitio web
logo-of = Logotipo de { $title }

written = Escrito por un modelo
written-from-abstract = Escrito por un modelo a partir del anuncio
excerpt = Extracto
imported = De una página anterior
from-organizers = De la organización
summaries-from-organizers = Resúmenes de la organización
summaries-written = Resúmenes escritos por un modelo
summaries-from-abstracts = Resúmenes escritos por un modelo a partir de los anuncios
summaries-excerpts = Extractos
summaries-imported = Resúmenes de una página anterior
note-written = «Escrito por un modelo» significa que un modelo de lenguaje escribió las dos frases a partir de lo que se dijo en la charla.
note-excerpt = Un extracto es un fragmento de la propia charla o de su descripción.
note-imported = «De una página anterior» significa que el resumen se tomó de una página más antigua.

contents = Contenido
talks-label = Charlas
search = Buscar
search-talks = Buscar en { $talks }
filter = Filtrar
filter-chosen = Filtrar ({ $number })
order = Orden
order-by-category = Por categoría
order-best = Las mejores primero
order-newest = Las más recientes
order-oldest = Las más antiguas
order-shortest = Las más cortas
order-longest = Las más largas
order-title = Por título
heading-best = { $talks }, las mejores primero
heading-newest = { $talks }, las más recientes primero
heading-oldest = { $talks }, las más antiguas primero
heading-shortest = { $talks }, las más cortas primero
heading-longest = { $talks }, las más largas primero
heading-title = { $talks }, por título
all-talks = Todas las charlas
view = Vista
view-titles = Títulos
view-summaries = Resúmenes
view-pictures = Imágenes
category = Categoría
speaker = Ponente
language = Idioma
length = Duración
all = Todas
any = Cualquiera
a-name = Un nombre
close = Cerrar
length-10 = menos de 10 minutos
length-30 = de 10 a 30 minutos
length-60 = de 30 a 60 minutos
length-more = más de una hora
no-talk-mentions = Ninguna charla menciona «{ $words }».
no-talk-left = No queda ninguna charla.
filters-hide = { $count ->
    [one] Estos filtros ocultan { $number } charla que menciona «{ $words }».
   *[other] Estos filtros ocultan { $number } charlas que mencionan «{ $words }».
}
show-for = Mostrar { $talks } para «{ $words }»
search-all-conferences = Buscar en todas las conferencias
search-what-was-said = Buscar en lo que se dijo
remove-filter = Quitar el filtro { $name }
show-all = Mostrar todo
more = más

link = Enlace
link-to = a { $title }
link-copied = Enlace copiado
later = Ver más tarde
later-talk = Ver más tarde: { $title }
keep-list = Añadir estas charlas a mi lista
copy-list = Copiar el enlace a estas charlas
listen-at = Escuchar en { $time }
where-it-is-said = Dónde se dice
no-summary = Todavía no hay resumen.
chapters = Capítulos
similar-talks = Charlas parecidas
page-of-talk = Página de esta charla

play-here = Ver aquí
play-here-title = Ver aquí: { $title }
consent-question = ¿Ver esta charla aquí?
consent-note = El reproductor viene de youtube-nocookie.com. Una vez cargado, YouTube ve su dirección y puede guardar datos en este navegador.
consent-remember = No volver a preguntar en este navegador
watch-on-youtube = Ver en YouTube
watch-recording = Ver la grabación
cancel = Cancelar
consent-given = Las charlas se ven aquí sin preguntar, como usted eligió.
ask-again = Volver a preguntar

skip-to-talk = Ir a la charla
description = Descripción
transcript = Transcripción
captions-organizer = Subtítulos de la organización.
captions-manual = Subtítulos escritos por una persona.
captions-automatic = Subtítulos por reconocimiento de voz: puede haber nombres y números equivocados.
captions-transcribed = Transcrito por un modelo: puede haber nombres y números equivocados.
more-talks = Más charlas
previous-talk = Charla anterior
next-talk = Charla siguiente

videos = { $count ->
    [one] { $number } vídeo
   *[other] { $number } vídeos
}
uncategorized = Sin categoría
talks-and-length = { $talks }, unas { $length }
back-to-top = volver arriba
markdown-written = Los resúmenes los escribió un modelo de lenguaje.
markdown-excerpts = Un extracto es un fragmento de la propia charla o de su descripción.
note-from-abstract = A partir del anuncio

conferences = { $count ->
    [one] { $number } conferencia
   *[other] { $number } conferencias
}
conferences-label = Conferencias
skip-to-conferences = Ir a las conferencias
speakers = { $count ->
    [one] { $number } ponente
   *[other] { $number } ponentes
}
topics = { $count ->
    [one] { $number } tema
   *[other] { $number } temas
}
speakers-label = Ponentes
topics-label = Temas
skip-to-list = Ir a la lista
search-all-talks = Buscar en todas las charlas
searched-fields = Título, ponente, categoría o resumen
talks-found = Charlas encontradas
talks-in-conferences = { $talks } en { $conferences }
year = Año
conference = Conferencia
what-was-said = En lo que se dijo
said-nowhere = Nadie dijo eso.
said-in = En { $talks }
said-maybe-in = Resultados posibles: { $talks }; estas se han leído:
said-too-short = Demasiadas palabras empiezan por «{ $words }». Escriba más letras.
said-not-loaded = No se puede buscar en lo que se dijo: { $file } no está junto a esta página.
look-further = Seguir buscando
show-more = Mostrar más
categories-label = Categorías
more-categories = y { $number } más
loading-talks = Cargando las charlas…
talks-not-loaded = No se puede cargar la lista de charlas: { $file } no está junto a esta página.
no-such-page = Esta página no existe
no-such-page-note = Puede que la dirección esté mal escrita o que la charla se haya retirado.
about-recordings = Grabaciones de charlas, cada una resumida en dos frases.
