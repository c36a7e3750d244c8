"""Verbs of three languages by what they say a person does. Data: one word per entry, as a dictionary lists it.

German entries are infinitives; a bar parts a separable prefix (``ein|richten``). Spanish entries are infinitives;
an equals sign gives an irregular third person (``construir=construye``, ``messen=misst``). Verbs that say little of
the doing (use, apply, manage) are left out on purpose: there the author says what kind of doing is meant.
"""

from __future__ import annotations

from typing import Final, Literal

Doing = Literal["make", "configure", "fix", "improve", "perform", "decide", "analyse", "explain", "recall"]

ENGLISH: Final[dict[Doing, str]] = {
    "make": """
        adapt annotate arrange assemble author automate backup bake bend bind braze brew budget build capture
        carve cast code combine compile compose compress construct convert cook create crimp cut develop design
        diagram document draft draw dress edit encode extract fabricate film forge format formulate fry instal
        knit label laminate lay machine make manufacture mill mix model organise organize outline pack paint
        photograph plan plant plaster plot plumb polish prepare produce program programme prototype publish
        render rewrite rig script sculpt sew shape shoot sketch solder stitch structure subtitle tailor tile
        transcribe translate upholster varnish weave weld wire wrap write summarise summarize schedule
    """,
    "configure": """
        administer configure customise customize deploy harden host install integrate migrate parametrise
        parametrize provision setup synchronise synchronize upgrade
    """,
    "fix": """
        correct debug fix mend overhaul patch rectify refurbish rehabilitate remedy repair replace resolve
        restore troubleshoot unblock
    """,
    "improve": """
        accelerate enhance improve increase maximise maximize minimise minimize optimise optimize reduce
        refactor refine shorten speed streamline tune
    """,
    "perform": """
        answer calibrate chair clean coach consult decommission defend dismantle dispatch drive escalate
        extinguish facilitate fly guide hoist interview lead lift moderate navigate negotiate nurse operate
        perform pilot pitch pour practice present respond restart rinse rope run sail sell simulate sing stage
        start steer sterilise sterilize supervise support swim take teach track train vaccinate wash weigh
        conduct treat
    """,
    "decide": """
        allocate approve choose decide prioritise prioritize recommend select shortlist triage
    """,
    "analyse": """
        analyse analyze appraise assess audit benchmark calculate categorise categorize check classify compare
        compute critique derive detect diagnose distinguish estimate evaluate examine find forecast grade
        identify inspect interpret investigate judge locate observe prove qa query review survey test trace
        validate value verify visualise visualize measure determine
    """,
    "explain": """
        argue clarify describe discuss explain illustrate justify narrate
    """,
    "recall": """
        cite define enumerate list memorise memorize name recall recite state
    """,
}

GERMAN: Final[dict[Doing, str]] = {
    "make": """
        auf|bauen aus|arbeiten backen bauen brauen dichten drehen drucken entwerfen=entwirft entwickeln
        erarbeiten erstellen erzeugen fertigen formulieren fräsen gestalten her|stellen hobeln kochen
        konstruieren laminieren löten malen mauern modellieren montieren nähen an|fertigen pflanzen planen
        produzieren programmieren rendern sägen schleifen schmieden schneiden schneidern schreiben schweißen
        skizzieren streichen stricken texten tischlern übersetzen verfassen verkabeln verlegen verputzen
        zeichnen zusammen|bauen automatisieren dokumentieren kodieren filmen fotografieren konzipieren
    """,
    "configure": """
        an|binden ein|richten installieren integrieren konfigurieren migrieren parametrieren synchronisieren
        vernetzen ab|sichten ab|sichern
    """,
    "fix": """
        aus|bessern beheben=behebt bereinigen beseitigen debuggen entstören flicken instand|setzen korrigieren
        nach|bessern reparieren berichtigen wieder|her|stellen wiederherstellen
    """,
    "improve": """
        beschleunigen erhöhen optimieren reduzieren senken steigern straffen verbessern vereinfachen verkürzen
        verringern vermindern
    """,
    "perform": """
        an|leiten aus|führen bedienen befragen begleiten behandeln beraten=berät betreiben betreuen durch|führen
        fahren=fährt fliegen heben impfen kalibrieren leiten moderieren operieren präsentieren reinigen spielen
        steuern trainieren transportieren unterrichten verhandeln verkaufen vor|führen vor|tragen=trägt
        waschen=wäscht wiegen starten pflegen an|fahren=fährt
    """,
    "decide": """
        ab|wägen aus|wählen empfehlen=empfiehlt entscheiden fest|legen genehmigen priorisieren wählen
        frei|geben=gibt treffen=trifft
    """,
    "analyse": """
        ab|schätzen analysieren auf|spüren aus|werten begutachten berechnen bestimmen beurteilen bewerten
        diagnostizieren ein|schätzen erkennen ermitteln identifizieren interpretieren kontrollieren prüfen
        recherchieren schätzen testen überprüfen untersuchen vergleichen validieren finden messen=misst
    """,
    "explain": """
        begründen beschreiben=beschreibt dar|legen dar|stellen diskutieren erklären erläutern rechtfertigen
        schildern veranschaulichen
    """,
    "recall": """
        auf|sagen auf|zählen definieren nennen zitieren
    """,
}

SPANISH: Final[dict[Doing, str]] = {
    "make": """
        automatizar bordar cocinar codificar componer=compone confeccionar construir=construye coser crear
        desarrollar dibujar diseñar editar elaborar escribir esbozar fabricar filmar forjar
        fotografiar=fotografía hornear imprimir laminar maquetar modelar pintar planificar plantar
        producir=produce programar redactar soldar=suelda subtitular tejer traducir transcribir montar hacer
    """,
    "configure": """
        configurar desplegar=despliega instalar integrar migrar parametrizar sincronizar
    """,
    "fix": """
        arreglar corregir=corrige depurar enmendar=enmienda reparar restablecer restaurar resolver=resuelve
        solucionar subsanar
    """,
    "improve": """
        acelerar acortar agilizar aumentar disminuir=disminuye incrementar mejorar minimizar optimizar perfeccionar
        reducir simplificar
    """,
    "perform": """
        asesorar atender=atiende calibrar conducir dirigir enseñar entrevistar exponer=expone guiar=guía
        impartir limpiar liderar moderar negociar navegar operar pesar pilotar presentar reiniciar supervisar
        transportar vacunar vender ejecutar
    """,
    "decide": """
        aprobar=aprueba decidir elegir=elige escoger priorizar recomendar=recomienda seleccionar rechazar
    """,
    "analyse": """
        analizar auditar calcular clasificar comparar comprobar=comprueba detectar diagnosticar estimar
        evaluar=evalúa examinar identificar inspeccionar interpretar investigar probar=prueba revisar validar
        valorar verificar contrastar encontrar=encuentra medir=mide
    """,
    "explain": """
        argumentar describir=describe discutir explicar fundamentar ilustrar justificar razonar aclarar
    """,
    "recall": """
        citar definir enumerar listar memorizar nombrar recitar recordar=recuerda mencionar
    """,
}
