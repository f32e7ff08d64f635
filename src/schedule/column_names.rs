//! What tools and people call the columns of a table, in the languages of most conferences.

/// What columns are called, the likeliest first, in small letters without signs and digits.
pub(super) const TITLE: &str = "
    title sessiontitle talktitle proposaltitle submissiontitle presentationtitle papertitle eventtitle
    videotitle titel titre título titulo titolo tytuł vortragstitel titelderveranstaltung
    session talk presentation vortrag sessionname talkname eventname beitrag nameofsession subject topictitle name
    titleofyourtalk titleoftalk titleofthetalk whatisthetitleofyourtalk タイトル 演題 标题 標題 题目 主题
    제목 название темадоклада доклад
";
pub(super) const SPEAKERS: &str = "
    speakers speakernames speaker speakername speakersnames presenters presenter presentername authors author
    names fullname vortragende vortragender referent referenten referentin referentinnen sprecher
    sprecherin sprecherinnen intervenant intervenants intervenante conférencier conférenciers orateur
    orateurs ponente ponentes relatore relatori oradores orador prelegent prelegenci owner host hosts
    moderator panelists name
    speakerfullname primaryspeaker mainspeaker yourname whatisyourname yourfullname nameofspeaker intervenantes spreker sprekers palestrante
    palestrantes apresentador performer performers persons 登壇者 講演者 発表者 スピーカー 讲者 講者 演讲者 演讲人 嘉宾 발표자
    연사 докладчик докладчики спикер спикеры who
";
pub(super) const ABSTRACT: &str = "
    abstract sessionabstract talkabstract shortabstract shortdescription summary kurzbeschreibung
    zusammenfassung résumé resume resumen
    abstractofyourtalk sessionsummary resumo samenvatting streszczenie sommario 概要 摘要 简介 簡介 要旨 초록
    аннотация
";
pub(super) const DESCRIPTION: &str = "
    description sessiondescription talkdescription eventdescription longdescription fulldescription details content
    beschreibung beschreibungstext inhalt descripción descripcion descrizione descrição descricao opis
    beschrijving описание описаниедоклада 描述 説明 설명
";
pub(super) const TRACK: &str = "
    track tracks sessiontrack assignedtrack trackname category categories kategorie topic topics thema themen
    themenbereich stream theme thème theme piste parcours pista categoría categoria área area
    sessioncategory whichtrack thématique thematique trilha traccia ścieżka spoor トラック 分类 分類 트랙 трек секция
";
/// What Sched has for tracks, of which a session may be in several.
pub(super) const TRACKS_OF_SCHED: &str = "eventtype";
pub(super) const LANGUAGE: &str = "language lang sprache vortragssprache langue idioma lingua locale contentlocale spokenlanguage";
pub(super) const FIRST_NAME: &str = "firstname vorname prénom prenom givenname nombredepila speakerfirstname presenterfirstname authorfirstname";
pub(super) const LAST_NAME: &str = "lastname nachname surname familyname apellido apellidos cognome speakerlastname presenterlastname authorlastname";
pub(super) const ID: &str = "sessionid id proposalid submissionid talkid code sessioncode";
/// Who has entered a session may be a press office: they count only where nobody else is named.
pub(super) const OWNERS: [&str; 6] = ["owner", "host", "hosts", "moderator", "panelists", "name"];
/// What the names of columns with recordings have in them, the likeliest first.
pub(super) const RECORDINGS: [&str; 5] = ["record", "video", "youtube", "aufzeichnung", "vidéo"];
/// What the names of fields have in them in which a link leads elsewhere.
pub(super) const NOT_OF_RECORDINGS: [&str; 13] = [
    "abstract",
    "content",
    "bio",
    "speaker",
    "person",
    "presenter",
    "author",
    "people",
    "slide",
    "talks",
    "sessions",
    "trailer",
    "avatar",
];
/// What the names of columns have in them in which speakers are named, where none is called so.
pub(super) const SPEAKER_WORDS: [&str; 10] = [
    "speaker",
    "presenter",
    "referent",
    "vortragend",
    "sprecher",
    "intervenant",
    "orateur",
    "ponente",
    "relatore",
    "author",
];
/// What they have in them where something else is told of speakers.
pub(super) const NOT_NAMES: [&str; 22] = [
    "mail",
    "bio",
    "photo",
    "picture",
    "image",
    "twitter",
    "mastodon",
    "linkedin",
    "company",
    "affiliation",
    "organi",
    "url",
    "link",
    "id",
    "note",
    "title",
    "role",
    "country",
    "gender",
    "pronoun",
    "count",
    "fee",
];
pub(super) const STATUS: &str = "status state proposalstate sessionstatus acceptance acceptancestatus decision zustand statut estado";

/// Columns with speakers beside the first.
pub(super) const OTHER_SPEAKERS: &str = "
    copresenter copresenters cospeaker cospeakers otherspeakers additionalspeakers additionalspeaker secondspeaker
    copresentername cospeakername
";
/// What a column's name has in it that holds titles, where none is called so.
pub(super) const TITLE_WORDS: [&str; 5] = ["title", "titel", "titre", "título", "titolo"];
