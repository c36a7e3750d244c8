"""Verbs of three languages by what they say a person does. Data: one word per entry, as a dictionary lists it.

In English an underscore joins a verb and the word behind it (``set_up``). German entries are infinitives; a bar parts
a separable prefix (``ein|richten``). Spanish entries are infinitives; an equals sign gives an irregular third person
(``construir=construye``, ``messen=misst``). Verbs that say little of the doing (use, apply, manage) are left out on
purpose: there the author says what kind of doing is meant.
"""

from __future__ import annotations

from typing import Final, Literal

Doing = Literal["make", "configure", "fix", "improve", "perform", "decide", "analyse", "explain", "recall"]

ENGLISH: Final[dict[Doing, str]] = {
    "make": """
        adapt annotate arrange assemble author automate backup bake bend bind braze brew budget build capture
        carve cast code combine compile compose compress construct convert cook create crimp cut design develop
        diagram document draft draw draw_up dress edit encode export extract fabricate fill_in fillet film forge
        format formulate fry instal knit label laminate lay machine make manufacture mill mix model organise
        organize outline pack paint photograph plan plant plaster plot plumb polish prepare produce program
        programme prototype prune publish put_together render reply rewrite rig schedule script sculpt sew shape
        shoot sketch solder stitch structure subtitle summarise summarize tailor tile transcribe translate
        upholster varnish weave weld wire wrap write write_up
    """,
    "configure": """
        administer configure customise customize deploy harden host install integrate migrate parametrise
        parametrize provision roll_out set_up setup synchronise synchronize upgrade
    """,
    "fix": """
        correct debug fix mend overhaul patch rectify refurbish rehabilitate remedy repair replace resolve
        restore swap troubleshoot unblock
    """,
    "improve": """
        accelerate enhance improve increase maximise maximize minimise minimize optimise optimize reduce
        refactor refine shorten speed streamline tune
    """,
    "perform": """
        advise answer calibrate calm carry_out chair clean coach conduct consult decommission defend dismantle
        dispatch drive escalate extinguish facilitate feed fly groom guide hand_over harvest hoist interview
        lead lift load milk moderate mount navigate negotiate nurse operate perform pilot pitch pour practice
        present rescue respond restart reverse rinse rope run sail sell shear simulate sing stage start steer
        sterilise sterilize supervise support swim take_apart teach track train treat vaccinate wash weigh
    """,
    "decide": """
        allocate approve choose decide prioritise prioritize recommend select shortlist triage
    """,
    "analyse": """
        analyse analyze appraise assess audit benchmark calculate categorise categorize check classify compare
        compute critique derive detect determine diagnose distinguish estimate evaluate examine find forecast
        grade identify inspect interpret investigate judge locate measure observe prove qa query reconcile
        review score survey test trace validate verify visualise visualize work_out
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
        an|fertigen an|legen auf|bauen aus|arbeiten aus|füllen automatisieren backen bauen beantworten binden
        brauen dichten dokumentieren drehen drucken ein|tragen entwerfen=entwirft entwickeln erarbeiten erfassen
        erstellen erzeugen fertigen filmen flechten formulieren fotografieren fräsen gestalten her|stellen
        hobeln kochen kodieren konstruieren konzipieren laminieren löten malen mauern mischen modellieren
        montieren nähen organisieren pflanzen planen polstern produzieren programmieren rendern schleifen
        schmieden schneiden schneidern schreiben schweißen skizzieren streichen stricken sägen texten tischlern
        verfassen verkabeln verlegen verpacken verputzen vor|bereiten weben zeichnen zusammen|bauen
        zusammen|fassen zusammen|stellen übersetzen
    """,
    "configure": """
        an|binden ein|richten installieren integrieren konfigurieren migrieren parametrieren synchronisieren
        vernetzen ab|sichten ab|sichern
    """,
    "fix": """
        aus|bessern aus|tauschen beheben=behebt bereinigen berichtigen beseitigen debuggen entstören flicken
        instand|setzen korrigieren nach|bessern reparieren wechseln wiederherstellen wieder|her|stellen
    """,
    "improve": """
        beschleunigen erhöhen optimieren reduzieren senken steigern straffen verbessern vereinfachen verkürzen
        verringern vermindern
    """,
    "perform": """
        an|fahren=fährt an|leiten an|reißen auf|räumen aus|führen bedienen befragen begleiten behandeln beladen
        beraten=berät betreiben betreuen buchen durch|führen ernten fahren=fährt fliegen heben impfen
        kalibrieren lagern leiten melken moderieren operieren pflegen pflücken pikieren präsentieren reinigen
        sichern spielen starten steuern trainieren transportieren um|lagern unterrichten vereinbaren verhandeln
        verkaufen vor|führen vor|lesen=liest vor|tragen=trägt waschen=wäscht wiegen übergeben=übergibt
    """,
    "decide": """
        ab|wägen aus|wählen empfehlen=empfiehlt entscheiden fest|legen genehmigen priorisieren wählen
        frei|geben=gibt treffen=trifft
    """,
    "analyse": """
        ab|schätzen analysieren auf|spüren aus|werten begutachten berechnen bestimmen beurteilen bewerten
        diagnostizieren ein|schätzen erkennen ermitteln finden heraus|filtern identifizieren interpretieren
        kontieren kontrollieren messen=misst nach|rechnen nach|weisen prüfen recherchieren rechnen schätzen
        testen untersuchen validieren vergleichen zählen überprüfen
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
        amasar anotar automatizar bordar cocinar codificar componer=compone confeccionar construir=construye
        contestar cortar coser crear desarrollar dibujar diseñar editar elaborar encofrar encuadernar esbozar
        escribir fabricar filmar forjar fotografiar=fotografía grabar hacer hornear imprimir laminar maquetar
        modelar montar ordenar pintar planificar plantar podar preparar producir=produce programar redactar
        rellenar resumir soldar=suelda subtitular tapizar tejer traducir transcribir
    """,
    "configure": """
        configurar desplegar=despliega instalar integrar migrar parametrizar sincronizar
    """,
    "fix": """
        afinar arreglar corregir=corrige depurar enmendar=enmienda reparar resolver=resuelve restablecer
        restaurar solucionar subsanar
    """,
    "improve": """
        acelerar acortar agilizar aumentar disminuir=disminuye incrementar mejorar minimizar optimizar perfeccionar
        reducir simplificar
    """,
    "perform": """
        anillar asesorar atender=atiende calibrar colocar conducir cuidar desmontar dirigir ejecutar enseñar
        entregar entrevistar exponer=expone formar guiar=guía impartir informar levantar liderar limpiar moderar
        navegar negociar operar ordeñar orientar pesar pilotar planchar presentar regar=riega reiniciar
        servir=sirve supervisar transportar vacunar vender vendimiar
    """,
    "decide": """
        aprobar=aprueba decidir elegir=elige escoger priorizar recomendar=recomienda seleccionar rechazar
    """,
    "analyse": """
        analizar auditar calcular clasificar comparar comprobar=comprueba contrastar cuadrar
        detectar diagnosticar encontrar=encuentra estimar evaluar=evalúa examinar identificar inspeccionar
        interpretar investigar medir=mide probar=prueba puntuar revisar tasar validar valorar verificar
    """,
    "explain": """
        argumentar describir=describe discutir explicar fundamentar ilustrar justificar razonar aclarar
    """,
    "recall": """
        citar definir enumerar listar memorizar nombrar recitar recordar=recuerda mencionar
    """,
}
