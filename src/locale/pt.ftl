# As palavras do próprio programa nas páginas, em português.

thousands-separator = .

talks = { $count ->
    [one] { $number } palestra
   *[other] { $number } palestras
}
talks-word = { $count ->
    [one] palestra
   *[other] palestras
}
categories-word = { $count ->
    [one] categoria
   *[other] categorias
}
speakers-word = { $count ->
    [one] palestrante
   *[other] palestrantes
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
part-of-section = { $shown } de { $number } palestras
none-of-talks = Nenhuma de { $talks }

month-1 = janeiro
month-2 = fevereiro
month-3 = março
month-4 = abril
month-5 = maio
month-6 = junho
month-7 = julho
month-8 = agosto
month-9 = setembro
month-10 = outubro
month-11 = novembro
month-12 = dezembro
day = { $day } de { $month } de { $year }
days-of-month = { $first }–{ $last } de { $month } de { $year }
days-of-year = { $first } de { $first-month } – { $last } de { $month } de { $year }
days = { $first } – { $last }

language-ar = árabe
language-cs = tcheco
language-da = dinamarquês
language-de = alemão
language-el = grego
language-en = inglês
language-es = espanhol
language-fi = finlandês
language-fr = francês
language-he = hebraico
language-hi = hindi
language-id = indonésio
language-it = italiano
language-ja = japonês
language-ko = coreano
language-nl = holandês
language-no = norueguês
language-pl = polonês
language-pt = português
language-ro = romeno
language-ru = russo
language-sv = sueco
language-tr = turco
language-uk = ucraniano
language-vi = vietnamita
language-zh = chinês
in-language = em { $language }

about-page = { $title }: { $talks }, cada uma em duas frases, por categoria.
about-talks = { $talks }, cada uma em duas frases, por categoria.
skip-to-talks = Ir para as palestras
website = Site
logo-of = Logotipo de { $title }

written = Escrito por um modelo
written-from-abstract = Escrito por um modelo a partir do anúncio
excerpt = Trecho
imported = De uma página anterior
from-organizers = Da organização
summaries-from-organizers = Resumos da organização
summaries-written = Resumos escritos por um modelo
summaries-from-abstracts = Resumos escritos por um modelo a partir dos anúncios
summaries-excerpts = Trechos
summaries-imported = Resumos de uma página anterior
note-written = “Escrito por um modelo” quer dizer que um modelo de linguagem escreveu as duas frases a partir do que foi dito na palestra.
note-excerpt = Um trecho é um pedaço da própria palestra ou da sua descrição.
note-imported = “De uma página anterior” quer dizer que o resumo veio de uma página mais antiga.

contents = Conteúdo
talks-label = Palestras
search = Buscar
search-talks = Buscar em { $talks }
filter = Filtrar
filter-chosen = Filtrar ({ $number })
order = Ordem
order-by-category = Por categoria
order-best = As melhores primeiro
order-newest = As mais recentes
order-oldest = As mais antigas
order-shortest = As mais curtas
order-longest = As mais longas
order-title = Por título
heading-best = { $talks }, as melhores primeiro
heading-newest = { $talks }, as mais recentes primeiro
heading-oldest = { $talks }, as mais antigas primeiro
heading-shortest = { $talks }, as mais curtas primeiro
heading-longest = { $talks }, as mais longas primeiro
heading-title = { $talks }, por título
all-talks = Todas as palestras
view = Visualização
view-titles = Títulos
view-summaries = Resumos
view-pictures = Imagens
category = Categoria
speaker = Palestrante
language = Idioma
length = Duração
all = Todas
any = Qualquer
a-name = Um nome
close = Fechar
length-10 = menos de 10 minutos
length-30 = de 10 a 30 minutos
length-60 = de 30 a 60 minutos
length-more = mais de uma hora
no-talk-mentions = Nenhuma palestra menciona “{ $words }”.
no-talk-left = Não resta nenhuma palestra.
filters-hide = { $count ->
    [one] Estes filtros escondem { $number } palestra que menciona “{ $words }”.
   *[other] Estes filtros escondem { $number } palestras que mencionam “{ $words }”.
}
show-for = Mostrar { $talks } para “{ $words }”
search-all-conferences = Buscar em todas as conferências
search-what-was-said = Buscar no que foi dito
remove-filter = Remover o filtro { $name }
show-all = Mostrar tudo
more = mais

link = Link
link-to = para { $title }
link-copied = Link copiado
later = Assistir depois
later-talk = Assistir depois: { $title }
keep-list = Adicionar estas palestras à minha lista
copy-list = Copiar o link para estas palestras
listen-at = Ouvir em { $time }
where-it-is-said = Onde isso é dito
no-summary = Ainda não há resumo.
chapters = Capítulos
similar-talks = Palestras parecidas
page-of-talk = Página desta palestra

play-here = Assistir aqui
play-here-title = Assistir aqui: { $title }
consent-question = Assistir a esta palestra aqui?
consent-note = O player vem de youtube-nocookie.com. Depois de carregado, o YouTube vê o seu endereço e pode guardar dados neste navegador.
consent-remember = Não perguntar mais neste navegador
watch-on-youtube = Assistir no YouTube
watch-recording = Assistir à gravação
cancel = Cancelar
consent-given = As palestras passam aqui sem perguntar, como você escolheu.
ask-again = Perguntar de novo

skip-to-talk = Ir para a palestra
description = Descrição
transcript = Transcrição
captions-organizer = Legendas da organização.
captions-manual = Legendas escritas por alguém.
captions-automatic = Legendas por reconhecimento de voz: nomes e números podem estar errados.
captions-transcribed = Transcrito por um modelo: nomes e números podem estar errados.
more-talks = Mais palestras
previous-talk = Palestra anterior
next-talk = Próxima palestra

videos = { $count ->
    [one] { $number } vídeo
   *[other] { $number } vídeos
}
uncategorized = Sem categoria
talks-and-length = { $talks }, cerca de { $length }
back-to-top = voltar ao topo
markdown-written = Os resumos foram escritos por um modelo de linguagem.
markdown-excerpts = Um trecho é um pedaço da própria palestra ou da sua descrição.
note-from-abstract = A partir do anúncio

conferences = { $count ->
    [one] { $number } conferência
   *[other] { $number } conferências
}
conferences-label = Conferências
skip-to-conferences = Ir para as conferências
speakers = { $count ->
    [one] { $number } palestrante
   *[other] { $number } palestrantes
}
topics = { $count ->
    [one] { $number } tema
   *[other] { $number } temas
}
speakers-label = Palestrantes
topics-label = Temas
skip-to-list = Ir para a lista
search-all-talks = Buscar em todas as palestras
searched-fields = Título, palestrante, categoria ou resumo
talks-found = Palestras encontradas
talks-in-conferences = { $talks } em { $conferences }
year = Ano
conference = Conferência
what-was-said = No que foi dito
said-nowhere = Ninguém disse isso.
said-in = Em { $talks }
said-maybe-in = Resultados possíveis: { $talks }; estas foram lidas:
said-too-short = Há palavras demais que começam por “{ $words }”. Escreva mais letras.
said-not-loaded = Não é possível procurar no que foi dito: { $file } não está ao lado desta página.
look-further = Procurar mais
show-more = Mostrar mais
categories-label = Categorias
more-categories = e mais { $number }
loading-talks = Carregando as palestras…
talks-not-loaded = Não foi possível carregar a lista de palestras: { $file } não está ao lado desta página.
no-such-page = Esta página não existe
no-such-page-note = O endereço pode estar errado, ou a palestra pode ter sido retirada.
about-recordings = Gravações de palestras, cada uma resumida em duas frases.
