"""What CRMs call won and lost, done and open, high and low, in many languages."""

from functools import lru_cache

from .names import match_key

OUTCOMES = {
    "won": "won; win; closed won; deal won; success; successful; signed; converted; "
    "gewonnen; erfolgreich; auftrag erhalten; gagne; gagnee; gagnes; remporte; signe; "
    "ganado; ganada; ganados; exito; vinto; vinta; vinti; acquisito; ganho; ganha; "
    "ganhos; gewonnen deal; vundet; vunnet; vunnen; voitettu; wygrana; wygrany; "
    "wygrane; vyhrano; vyhrany; vyhrana; megnyert; nyert; castigat; kazanildi; "
    "kazanilan; выиграно; выиграна; успешно; 赢单; 成交; 受注",
    "lost": "lost; loss; closed lost; deal lost; dead; abandoned; rejected; declined; "
    "cancelled; canceled; disqualified; unqualified; no sale; unsuccessful; "
    "verloren; abgelehnt; abgesagt; absage; storniert; erfolglos; "
    "perdu; perdue; perdus; refuse; refusee; annule; annulee; abandonne; "
    "perdido; perdida; perdidos; rechazado; rechazada; cancelado; cancelada; "
    "perso; persa; persi; rifiutato; annullato; perdidas; recusado; recusada; "
    "verloren deal; afgewezen; geannuleerd; tabt; tapt; forlorad; forlorat; havitty; "
    "przegrana; przegrany; przegrane; stracona; odrzucona; prohrano; prohrany; "
    "ztraceno; elveszett; vesztett; pierdut; kaybedildi; kaybedilen; "
    "проиграно; проиграна; потеряно; отказ; 输单; 失注",
    "open": "open; in progress; active; new; pending; ongoing; working; "
    "in negotiation; "
    "offen; in bearbeitung; in arbeit; laufend; neu; aktiv; "
    "ouvert; ouverte; en cours; nouveau; nouvelle; "
    "abierto; abierta; en curso; en progreso; nuevo; nueva; "
    "aperto; aperta; in corso; nuovo; nuova; aberto; aberta; em andamento; novo; nova; "
    "in behandeling; lopend; aben; apen; oppen; pagaende; avoin; kesken; "
    "otwarta; otwarty; otwarte; w toku; nowy; nowa; otevreno; otevreny; probiha; "
    "nyitott; folyamatban; deschis; in curs; acik; devam ediyor; открыта; открыто; "
    "в работе; новый; новая; 进行中; 進行中",
}
DONE = {
    "1": "done; completed; complete; closed; finished; held; true; yes; 1; "
    "erledigt; abgeschlossen; fertig; beendet; durchgefuhrt; ja; "
    "termine; terminee; fait; faite; effectue; realise; oui; "
    "hecho; hecha; completado; completada; terminado; terminada; finalizado; "
    "fatto; completato; completata; concluso; feito; concluido; concluida; "
    "voltooid; afgerond; gedaan; afsluttet; fullfort; klar; slutford; valmis; "
    "zakonczone; zakonczony; ukonczone; wykonane; dokonceno; hotovo; splneno; kesz; "
    "finalizat; tamamlandi; выполнено; завершено; 完成; 已完成; 完了",
    "0": "open; planned; pending; scheduled; not started; in progress; waiting; "
    "deferred; not held; not done; not completed; overdue; false; no; 0; todo; to do; "
    "offen; geplant; ausstehend; nicht begonnen; in bearbeitung; wartend; "
    "zuruckgestellt; nein; nicht erledigt; "
    "ouvert; ouverte; prevu; prevue; planifie; planifiee; en cours; en attente; "
    "a faire; non commence; non; "
    "abierto; abierta; planificado; planificada; pendiente; en curso; por hacer; "
    "no iniciado; no iniciada; "
    "aperto; aperta; pianificato; pianificata; in corso; in sospeso; da fare; "
    "aberto; aberta; planejado; planeado; pendente; agendado; em andamento; a fazer; "
    "gepland; openstaand; niet gestart; in behandeling; planlagt; planerad; "
    "suunniteltu; zaplanowane; otwarte; planovano; otevreno; nyitott; tervezett; "
    "planificat; planlandi; запланировано; открыто; 计划; 予定",
}
ACTIVITIES = {
    "call": "call; phone call; phone; telephone; telephone call; called; cold call; "
    "outbound call; inbound call; anruf; telefonat; telefon; telefonanruf; "
    "appel; appel telephonique; telephone; llamada; llamada telefonica; "
    "chiamata; telefonata; ligacao; telefonema; chamada; gesprek; telefoongesprek; "
    "opkald; samtal; puhelu; rozmowa telefoniczna; telefon; hovor; telefonat; "
    "telefonhivas; apel; arama; звонок; 电话; 電話",
    "email": "email; e mail; mail; email sent; mail versenden; courriel; "
    "correo; correo electronico; posta elettronica; e posta; epost; sahkoposti; "
    "письмо; 邮件; メール",
    "meeting": "meeting; appointment; event; demo; lunch; visit; on site visit; "
    "besprechung; termin; treffen; besuch; reunion; rendez vous; rdv; rencontre; "
    "visite; reunion; cita; visita; riunione; appuntamento; incontro; reuniao; "
    "encontro; compromisso; afspraak; vergadering; bezoek; mote; mode; tapaaminen; "
    "spotkanie; schuzka; talalkozo; intalnire; toplanti; встреча; 会议; 会議",
    "todo": "task; to do; todo; deadline; follow up; followup; reminder; other; "
    "aufgabe; wiedervorlage; erinnerung; frist; nachfassen; sonstiges; "
    "tache; a faire; relance; rappel; tarea; por hacer; seguimiento; recordatorio; "
    "attivita; compito; promemoria; da fare; tarefa; lembrete; taak; herinnering; "
    "opgave; oppgave; uppgift; tehtava; zadanie; ukol; feladat; sarcina; gorev; "
    "задача; 任务; タスク",
}
PRIORITIES = {
    "0": "none; low; lowest; very low; cold; minor; niedrig; gering; kalt; keine; "
    "basse; faible; froid; baja; bajo; frio; bassa; basso; freddo; baixa; baixo; "
    "laag; lav; lag; matala; niska; niski; nizka; alacsony; scazuta; dusuk; низкий",
    "1": "normal; medium; moderate; average; standard; warm; mittel; lau; moyenne; "
    "moyen; normale; tiede; media; medio; tibio; tiepido; normaal; gemiddeld; middel; "
    "medel; srednia; sredni; stredni; kozepes; medie; orta; средний",
    "2": "high; hot; important; major; hoch; heiss; wichtig; haute; eleve; elevee; "
    "chaud; alta; alto; caliente; caldo; quente; hoog; hoj; hoy; hog; korkea; wysoka; "
    "wysoki; vysoka; magas; ridicata; yuksek; высокий",
    "3": "very high; highest; urgent; critical; asap; sehr hoch; dringend; kritisch; "
    "tres haute; urgente; critique; muy alta; critico; molto alta; muito alta; "
    "zeer hoog; spoed; dringende; haster; akut; pilne; bardzo wysoka; velmi vysoka; "
    "surgos; acil; срочно",
}
LEAD_TYPES = {
    "lead": "lead; prospect; prospective client; prospective; potential client; "
    "inquiry; "
    "enquiry; intake; new inquiry; consultation; interessent; anfrage; erstberatung; "
    "piste; client potentiel; demande; cliente potencial; consulta; "
    "potenziale cliente; "
    "richiesta; potencial; aanvraag",
}
_NEGATABLE = ("OUTCOMES", "DONE", "LEAD_TYPES")
_NEGATIONS = frozenset(
    "not no non nicht kein keine nie nao ne niet geen ikke inte ei nem не without ohne "
    "sans sin senza".split()
)
# Words that mean something only where they stand alone.
_ALONE = frozenset(
    "new neu neue nouveau nouvelle nuevo nueva nuovo nuova novo nova nowy nowa win "
    "active aktiv success loss signed signe converted dead other sonstiges event phone "
    "telefon held true false yes no ja nein oui non none keine major minor standard "
    "average complete klar fait faite open closed working pending media medio mode "
    "0 1".split()
)


@lru_cache(maxsize=16)
def _words(name):
    found = {}
    for key, words in globals()[name].items():
        for word in words.split(";"):
            found.setdefault(match_key(word), set()).add(key)
    return found


def meaning(value, name):
    """What ``value`` means in the vocabulary ``name``, such as ``OUTCOMES``.

    :return: ``(key, exact)``, exact where the whole value is a known word and not only
        a part of it, as in “Closed – Lost to competitor”; None where it means nothing,
        or more than one thing
    """
    words = _words(name)
    key = match_key(value)
    if not key:
        return None
    if key in words:
        found = words[key]
        return (next(iter(found)), True) if len(found) == 1 else None
    tokens = key.split()
    if name in _NEGATABLE and _NEGATIONS.intersection(tokens):
        return None
    found = set()
    for start in range(len(tokens)):
        for end in range(start + 1, min(start + 3, len(tokens)) + 1):
            part = " ".join(tokens[start:end])
            if part not in _ALONE:
                found |= words.get(part, set())
    return (next(iter(found)), False) if len(found) == 1 else None


def is_prospect(value):
    """Whether a category or status says that nobody is a client yet."""
    return meaning(value, "LEAD_TYPES") is not None


def outcome(value):
    """``won``, ``lost`` or ``open``, as the name of a stage or status says; or None."""
    found = meaning(value, "OUTCOMES")
    return found[0] if found else None
