<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="de" sourcelanguage="en">
    <context>
        <name>sotto</name>
        <message>
            <source>a provider</source>
            <translation>einem Anbieter</translation>
        </message>
        <message>
            <source>Answered from Sotto's memory; no provider was asked.</source>
            <translation>Aus Sottos Gedächtnis beantwortet; kein Anbieter wurde gefragt.</translation>
        </message>
        <message>
            <source>Answered by %1 over an encrypted connection.</source>
            <translation>Beantwortet von %1 über eine verschlüsselte Verbindung.</translation>
        </message>
        <message>
            <source>The same question was already on its way to %1; this one waited for the same answer.</source>
            <translation>Dieselbe Frage war schon unterwegs zu %1; diese hat auf dieselbe Antwort gewartet.</translation>
        </message>
        <message>
            <source>Answered by Sotto itself; nothing was sent anywhere.</source>
            <translation>Von Sotto selbst beantwortet; nichts wurde verschickt.</translation>
        </message>
        <message>
            <source>No provider gave a usable answer.</source>
            <translation>Kein Anbieter hat eine brauchbare Antwort gegeben.</translation>
        </message>
        <message>
            <source>No provider could be reached or trusted; nothing was sent.</source>
            <translation>Kein Anbieter war erreichbar oder vertrauenswürdig; nichts wurde gesendet.</translation>
        </message>
        <message>
            <source>Providers were asked but gave no usable answer.</source>
            <translation>Anbieter wurden gefragt, gaben aber keine brauchbare Antwort.</translation>
        </message>
        <message>
            <source>The name exists but has no record of this type.</source>
            <translation>Den Namen gibt es, aber ohne Eintrag dieser Art.</translation>
        </message>
        <message>
            <source>Extended error %1.</source>
            <translation>Erweiterter Fehler %1.</translation>
        </message>
        <message>
            <source>Encrypted DNS for the desktop: the window and tray icon of the Sotto service.</source>
            <translation>Verschlüsseltes DNS für den Desktop: Fenster und Symbol des Sotto-Dienstes.</translation>
        </message>
        <message>
            <source>Show this help and exit.</source>
            <translation>Diese Hilfe zeigen und enden.</translation>
        </message>
        <message>
            <source>Show the version and exit.</source>
            <translation>Die Version zeigen und enden.</translation>
        </message>
        <message>
            <source>The service's socket, where it is not the usual one.</source>
            <translation>Der Socket des Dienstes, wenn es nicht der übliche ist.</translation>
        </message>
        <message>
            <source>Start in the tray, without a window.</source>
            <translation>Ohne Fenster in der Symbolleiste starten.</translation>
        </message>
        <message>
            <source>Open this page: %1.</source>
            <translation>Diese Seite öffnen: %1.</translation>
        </message>
        <message>
            <source>Use these colours for this run: light, dark, system.</source>
            <translation>Diese Farben für diesen Lauf nehmen: light, dark, system.</translation>
        </message>
        <message>
            <source>Save a picture of every page to this folder, print the paths and exit.</source>
            <translation>Ein Bild jeder Seite in diesem Ordner ablegen, die Pfade ausgeben und enden.</translation>
        </message>
        <message>
            <source>“%1” is not expected.</source>
            <translation>„%1“ ist hier nicht vorgesehen.</translation>
        </message>
        <message>
            <source>There is no page “%1”. Pages: %2.</source>
            <translation>Es gibt keine Seite „%1“. Seiten: %2.</translation>
        </message>
        <message>
            <source>“%1” is not a theme. Themes: light, dark, system.</source>
            <translation>„%1“ ist keine Farbwahl. Möglich: light, dark, system.</translation>
        </message>
        <message>
            <source>An option lacks its value.</source>
            <translation>Einer Option fehlt ihr Wert.</translation>
        </message>
        <message>
            <source>Encrypted</source>
            <translation>Verschlüsselt</translation>
        </message>
        <message>
            <source>Answers come over an encrypted and verified connection.</source>
            <translation>Antworten kommen über eine verschlüsselte und geprüfte Verbindung.</translation>
        </message>
        <message>
            <source>Answers come from %1 over TLS.</source>
            <translation>Antworten kommen von %1 über TLS.</translation>
        </message>
        <message>
            <source>Answers come from %1 over %2.</source>
            <translation>Antworten kommen von %1 über %2.</translation>
        </message>
        <message>
            <source>Trouble</source>
            <translation>Störung</translation>
        </message>
        <message>
            <source>No provider is chosen.</source>
            <translation>Es ist kein Anbieter gewählt.</translation>
        </message>
        <message>
            <source>Choose one on the page Providers.</source>
            <translation>Wählen Sie einen auf der Seite Anbieter.</translation>
        </message>
        <message>
            <source>No provider can be reached, so names cannot be looked up.</source>
            <translation>Kein Anbieter ist erreichbar, deshalb können keine Namen nachgeschlagen werden.</translation>
        </message>
        <message>
            <source>No provider can be trusted: none passed the check of its identity, so nothing is asked.</source>
            <translation>Keinem Anbieter kann vertraut werden: Keiner bestand die Prüfung seiner Identität, deshalb wird nichts gefragt.</translation>
        </message>
        <message>
            <source>No provider can be used, so names cannot be looked up.</source>
            <translation>Kein Anbieter ist nutzbar, deshalb können keine Namen nachgeschlagen werden.</translation>
        </message>
        <message>
            <source>Check the network connection, or choose another provider.</source>
            <translation>Prüfen Sie die Netzverbindung oder wählen Sie einen anderen Anbieter.</translation>
        </message>
        <message>
            <source>There is no connection to the Sotto service.</source>
            <translation>Es besteht keine Verbindung zum Sotto-Dienst.</translation>
        </message>
        <message>
            <source>Connecting</source>
            <translation>Verbindet</translation>
        </message>
        <message>
            <source>Looking for the Sotto service.</source>
            <translation>Der Sotto-Dienst wird gesucht.</translation>
        </message>
        <message>
            <source>Not usable</source>
            <translation>Nicht nutzbar</translation>
        </message>
        <message>
            <source>The Sotto service does not fit this program.</source>
            <translation>Der Sotto-Dienst passt nicht zu diesem Programm.</translation>
        </message>
        <message>
            <source>Not running</source>
            <translation>Läuft nicht</translation>
        </message>
        <message>
            <source>The Sotto service is not running.</source>
            <translation>Der Sotto-Dienst läuft nicht.</translation>
        </message>
        <message>
            <source>This account may not change Sotto. Ask an administrator.</source>
            <translation>Dieses Konto darf Sotto nicht verändern. Fragen Sie einen Administrator.</translation>
        </message>
        <message>
            <source>System DNS is managed by hand, and Sotto listens nowhere at the moment.</source>
            <translation>Das DNS des Systems wird von Hand verwaltet, und Sotto lauscht zurzeit nirgends.</translation>
        </message>
        <message>
            <source>System DNS is managed by hand. Programs use Sotto only where they are pointed at %1.</source>
            <translation>Das DNS des Systems wird von Hand verwaltet. Programme nutzen Sotto nur, wenn sie auf %1 eingestellt sind.</translation>
        </message>
        <message>
            <source>Off</source>
            <translation>Aus</translation>
        </message>
        <message>
            <source>Programs that ask Sotto get “refused”. Nothing is sent anywhere.</source>
            <translation>Programme, die Sotto fragen, bekommen „abgelehnt“. Nichts wird verschickt.</translation>
        </message>
        <message>
            <source>On</source>
            <translation>An</translation>
        </message>
        <message>
            <source>No provider was asked yet. The first look-up will show more.</source>
            <translation>Noch wurde kein Anbieter gefragt. Das erste Nachschlagen wird mehr zeigen.</translation>
        </message>
        <message>
            <source>other error</source>
            <translation>anderer Fehler</translation>
        </message>
        <message>
            <source>unsupported DNSKEY algorithm</source>
            <translation>nicht unterstütztes DNSKEY-Verfahren</translation>
        </message>
        <message>
            <source>unsupported DS digest type</source>
            <translation>nicht unterstützte DS-Prüfsumme</translation>
        </message>
        <message>
            <source>&lt; %1 %</source>
            <comment>less than so many per cent</comment>
            <translation>&lt; %1 %</translation>
        </message>
        <message>
            <source>stale answer</source>
            <translation>veraltete Antwort</translation>
        </message>
        <message>
            <source>forged answer</source>
            <translation>gefälschte Antwort</translation>
        </message>
        <message>
            <source>DNSSEC indeterminate</source>
            <translation>DNSSEC unentscheidbar</translation>
        </message>
        <message>
            <source>DNSSEC bogus</source>
            <translation>DNSSEC ungültig</translation>
        </message>
        <message>
            <source>signature expired</source>
            <translation>Signatur abgelaufen</translation>
        </message>
        <message>
            <source>signature not yet valid</source>
            <translation>Signatur noch nicht gültig</translation>
        </message>
        <message>
            <source>DNSKEY missing</source>
            <translation>DNSKEY fehlt</translation>
        </message>
        <message>
            <source>signatures missing</source>
            <translation>Signaturen fehlen</translation>
        </message>
        <message>
            <source>no zone key bit set</source>
            <translation>kein Zonenschlüssel-Bit gesetzt</translation>
        </message>
        <message>
            <source>NSEC missing</source>
            <translation>NSEC fehlt</translation>
        </message>
        <message>
            <source>cached error</source>
            <translation>gemerkter Fehler</translation>
        </message>
        <message>
            <source>not ready</source>
            <translation>nicht bereit</translation>
        </message>
        <message>
            <source>blocked</source>
            <translation>gesperrt</translation>
        </message>
        <message>
            <source>censored</source>
            <translation>zensiert</translation>
        </message>
        <message>
            <source>filtered</source>
            <translation>gefiltert</translation>
        </message>
        <message>
            <source>prohibited</source>
            <translation>verboten</translation>
        </message>
        <message>
            <source>stale NXDOMAIN answer</source>
            <translation>veraltete NXDOMAIN-Antwort</translation>
        </message>
        <message>
            <source>not authoritative</source>
            <translation>nicht zuständig</translation>
        </message>
        <message>
            <source>not supported</source>
            <translation>nicht unterstützt</translation>
        </message>
        <message>
            <source>no reachable server</source>
            <translation>kein Server erreichbar</translation>
        </message>
        <message>
            <source>network error</source>
            <translation>Netzfehler</translation>
        </message>
        <message>
            <source>invalid data</source>
            <translation>ungültige Daten</translation>
        </message>
        <message>
            <source>%1 µs</source>
            <translation>%1 µs</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1 %</source>
            <comment>per cent</comment>
            <translation>%1 %</translation>
        </message>
        <message>
            <source>%1 d %2 h</source>
            <translation>%1 T %2 h</translation>
        </message>
        <message>
            <source>%1 h %2 min</source>
            <translation>%1 h %2 min</translation>
        </message>
        <message>
            <source>%1 min</source>
            <translation>%1 min</translation>
        </message>
        <message>
            <source>%1 and %2</source>
            <comment>the last two of a list</comment>
            <translation>%1 und %2</translation>
        </message>
        <message>
            <source>No connection open</source>
            <translation>Keine Verbindung offen</translation>
        </message>
        <message>
            <source>Connected</source>
            <translation>Verbunden</translation>
        </message>
        <message>
            <source>Cache</source>
            <translation>Gedächtnis</translation>
        </message>
        <message>
            <source>Provider</source>
            <translation>Anbieter</translation>
        </message>
        <message>
            <source>Joined</source>
            <translation>Mitgewartet</translation>
        </message>
        <message>
            <source>Sotto itself</source>
            <translation>Sotto selbst</translation>
        </message>
        <message>
            <source>Nobody</source>
            <translation>Niemand</translation>
        </message>
        <message>
            <source>No filtering</source>
            <translation>Ohne Filter</translation>
        </message>
        <message>
            <source>Blocks malware</source>
            <translation>Gegen Schadsoftware</translation>
        </message>
        <message>
            <source>Blocks ads</source>
            <translation>Gegen Werbung</translation>
        </message>
        <message>
            <source>Family filter</source>
            <translation>Familienfilter</translation>
        </message>
        <message>
            <source>Filtering not known</source>
            <translation>Filter unbekannt</translation>
        </message>
        <message>
            <source>not described here</source>
            <translation>hier nicht beschrieben</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>an error code and its meaning</comment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>The name exists.</source>
            <translation>Den Namen gibt es.</translation>
        </message>
        <message>
            <source>The name does not exist.</source>
            <translation>Den Namen gibt es nicht.</translation>
        </message>
        <message>
            <source>No usable answer could be had.</source>
            <translation>Es war keine brauchbare Antwort zu bekommen.</translation>
        </message>
        <message>
            <source>The question was refused.</source>
            <translation>Die Frage wurde abgelehnt.</translation>
        </message>
        <message>
            <source>The question was malformed.</source>
            <translation>Die Frage war fehlerhaft.</translation>
        </message>
        <message>
            <source>This kind of question is not supported.</source>
            <translation>Diese Art Frage wird nicht unterstützt.</translation>
        </message>
        <message>
            <source>Fastest</source>
            <translation>Schnellster</translation>
        </message>
        <message>
            <source>Prefers the provider that answered quickest lately. Over time most questions go to one of them.</source>
            <translation>Bevorzugt den Anbieter, der zuletzt am schnellsten war. Mit der Zeit gehen die meisten Fragen an einen von ihnen.</translation>
        </message>
        <message>
            <source>In order</source>
            <translation>Der Reihe nach</translation>
        </message>
        <message>
            <source>Always the first one you chose; the next only while it fails. The others see nothing until then.</source>
            <translation>Immer der zuerst gewählte; der nächste nur, solange jener ausfällt. Die anderen sehen bis dahin nichts.</translation>
        </message>
        <message>
            <source>Take turns</source>
            <translation>Abwechselnd</translation>
        </message>
        <message>
            <source>Each question goes to the next provider. All of them see a part of what you look up.</source>
            <translation>Jede Frage geht an den nächsten Anbieter. Alle sehen einen Teil dessen, was Sie nachschlagen.</translation>
        </message>
        <message>
            <source>Random</source>
            <translation>Zufällig</translation>
        </message>
        <message>
            <source>Each question goes to a provider drawn by lot. All of them see a part of what you look up.</source>
            <translation>Jede Frage geht an einen ausgelosten Anbieter. Alle sehen einen Teil dessen, was Sie nachschlagen.</translation>
        </message>
        <message>
            <source>Sotto is running already but does not react.
</source>
            <translation>Sotto läuft schon, reagiert aber nicht.
</translation>
        </message>
        <message>
            <source>The window is closed; the icon here stays. Quit is in its menu.</source>
            <translation>Das Fenster ist zu; das Symbol hier bleibt. Beenden steht in seinem Menü.</translation>
        </message>
        <message>
            <source>Answered from Sotto's memory with an answer past its time, as the settings allow.</source>
            <translation>Aus Sottos Gedächtnis mit einer abgelaufenen Antwort beantwortet, wie es die Einstellungen erlauben.</translation>
        </message>
        <message>
            <source>Cache, expired</source>
            <translation>Cache, abgelaufen</translation>
        </message>
        <message>
            <source>It is a name that never leaves this computer.</source>
            <translation>Es ist ein Name, der diesen Computer nie verlässt.</translation>
        </message>
        <message>
            <source>Browsers ask for it to learn whether to leave look-ups to this computer; they should.</source>
            <translation>Browser fragen danach, um zu erfahren, ob sie das Nachschlagen diesem Computer überlassen sollen; sie sollen.</translation>
        </message>
        <message>
            <source>Sotto is turned off.</source>
            <translation>Sotto ist ausgeschaltet.</translation>
        </message>
        <message>
            <source>Questions of this kind are not passed on.</source>
            <translation>Fragen dieser Art werden nicht weitergegeben.</translation>
        </message>
        <message>
            <source>It could not be read.</source>
            <translation>Sie war nicht lesbar.</translation>
        </message>
        <message>
            <source>Too many questions were on their way at once; ask again.</source>
            <translation>Zu viele Fragen waren gleichzeitig unterwegs; noch einmal fragen.</translation>
        </message>
        <message>
            <source>All providers were down, and the settings say not to wait for them then.</source>
            <translation>Alle Anbieter waren ausgefallen, und laut den Einstellungen wird dann nicht auf sie gewartet.</translation>
        </message>
        <message>
            <source>The answer came %1 ago; the program may keep it for %2.</source>
            <translation>Die Antwort kam vor %1; das Programm darf sie %2 behalten.</translation>
        </message>
        <message>
            <source>The answer came %1 ago.</source>
            <translation>Die Antwort kam vor %1.</translation>
        </message>
        <message>
            <source>Answered by %1, unencrypted.</source>
            <translation>Beantwortet von %1, unverschlüsselt.</translation>
        </message>
        <message>
            <source>asked over an open connection</source>
            <translation>über eine offene Verbindung gefragt</translation>
        </message>
        <message>
            <source>asked over the new connection</source>
            <translation>über die neue Verbindung gefragt</translation>
        </message>
        <message>
            <source>asked over the resumed connection</source>
            <translation>über die wieder aufgenommene Verbindung gefragt</translation>
        </message>
        <message>
            <source>asked along with the TLS handshake (early data)</source>
            <translation>zusammen mit dem TLS-Handshake gefragt (frühe Daten)</translation>
        </message>
        <message>
            <source>asked unencrypted</source>
            <translation>unverschlüsselt gefragt</translation>
        </message>
        <message>
            <source>no answer was awaited any more</source>
            <translation>auf die Antwort wurde nicht mehr gewartet</translation>
        </message>
        <message>
            <source>asked as well, because the first is later than usual</source>
            <translation>auch gefragt, weil der erste später dran ist als sonst</translation>
        </message>
        <message>
            <source>TCP handshake</source>
            <translation>TCP-Handshake</translation>
        </message>
        <message>
            <source>TLS handshake, resumed with a ticket</source>
            <translation>TLS-Handshake, mit einem Ticket wieder aufgenommen</translation>
        </message>
        <message>
            <source>TLS handshake</source>
            <translation>TLS-Handshake</translation>
        </message>
        <message>
            <source>Names below %1 have servers of their own (a route).</source>
            <translation>Namen unter %1 haben eigene Server (eine Route).</translation>
        </message>
        <message>
            <source>no answer yet</source>
            <translation>noch keine Antwort</translation>
        </message>
        <message>
            <source>it answered</source>
            <translation>hat geantwortet</translation>
        </message>
        <message>
            <source>its own name could not be looked up</source>
            <translation>der eigene Name ließ sich nicht nachschlagen</translation>
        </message>
        <message>
            <source>the network has no way to it</source>
            <translation>das Netz kennt keinen Weg dorthin</translation>
        </message>
        <message>
            <source>nothing listens on its port</source>
            <translation>auf dem Port hört niemand</translation>
        </message>
        <message>
            <source>no answer on its port: it is down, or the network blocks the port</source>
            <translation>keine Antwort auf dem Port: ausgefallen, oder das Netz sperrt den Port</translation>
        </message>
        <message>
            <source>the TLS handshake did not finish in time</source>
            <translation>der TLS-Handshake wurde nicht rechtzeitig fertig</translation>
        </message>
        <message>
            <source>the TLS handshake failed</source>
            <translation>der TLS-Handshake ist gescheitert</translation>
        </message>
        <message>
            <source>its certificate is for another name</source>
            <translation>das Zertifikat gilt für einen anderen Namen</translation>
        </message>
        <message>
            <source>its certificate has expired, or this computer's clock is wrong</source>
            <translation>das Zertifikat ist abgelaufen, oder die Uhr dieses Computers geht falsch</translation>
        </message>
        <message>
            <source>its certificate is not valid yet, or this computer's clock is wrong</source>
            <translation>das Zertifikat gilt noch nicht, oder die Uhr dieses Computers geht falsch</translation>
        </message>
        <message>
            <source>no trusted authority has signed its certificate</source>
            <translation>keine vertrauenswürdige Stelle hat das Zertifikat unterschrieben</translation>
        </message>
        <message>
            <source>its certificate was refused</source>
            <translation>das Zertifikat wurde abgelehnt</translation>
        </message>
        <message>
            <source>its key is none of the pinned ones</source>
            <translation>der Schlüssel ist keiner der festgelegten (Pins)</translation>
        </message>
        <message>
            <source>the connection ended before the answer</source>
            <translation>die Verbindung endete vor der Antwort</translation>
        </message>
        <message>
            <source>no answer in time</source>
            <translation>keine rechtzeitige Antwort</translation>
        </message>
        <message>
            <source>its answer could not be used</source>
            <translation>die Antwort war nicht zu gebrauchen</translation>
        </message>
        <message>
            <source>it answered that it failed</source>
            <translation>hat geantwortet, dass es nicht ging</translation>
        </message>
        <message>
            <source>it failed a moment ago and was not tried again</source>
            <translation>ist eben erst gescheitert und wurde nicht noch einmal versucht</translation>
        </message>
        <message>
            <source>this computer ran out of memory, files or ports</source>
            <translation>diesem Computer fehlte es an Speicher, Dateien oder Ports</translation>
        </message>
        <message>
            <source>Names below %1 go unencrypted to %2.</source>
            <translation>Namen unter %1 gehen unverschlüsselt an %2.</translation>
        </message>
        <message>
            <source>Yes</source>
            <translation>Ja</translation>
        </message>
        <message>
            <source>No</source>
            <translation>Nein</translation>
        </message>
        <message>
            <source>Yes, %1</source>
            <translation>Ja, %1</translation>
        </message>
        <message numerus="yes">
            <source>Yes, to %n octet(s)</source>
            <translation>
                <numerusform>Ja, auf %n Byte</numerusform>
                <numerusform>Ja, auf %n Bytes</numerusform>
            </translation>
        </message>
        <message>
            <source>Good signature confirmed, wrong one refused</source>
            <translation>Richtige Signatur bestätigt, falsche abgelehnt</translation>
        </message>
        <message>
            <source>Good signature confirmed, wrong one accepted</source>
            <translation>Richtige Signatur bestätigt, falsche angenommen</translation>
        </message>
        <message>
            <source>Wrong signature refused, good one not marked</source>
            <translation>Falsche Signatur abgelehnt, richtige nicht gekennzeichnet</translation>
        </message>
        <message>
            <source>Signatures are not checked</source>
            <translation>Signaturen werden nicht geprüft</translation>
        </message>
        <message>
            <source>differs from the claim</source>
            <translation>weicht von der Angabe ab</translation>
        </message>
        <message>
            <source>attention</source>
            <translation>Achtung</translation>
        </message>
        <message>
            <source>Claimed and measured</source>
            <translation>Angegeben und gemessen</translation>
        </message>
        <message>
            <source>Answers</source>
            <translation>Antworten</translation>
        </message>
        <message>
            <source>DNSSEC</source>
            <translation>DNSSEC</translation>
        </message>
        <message>
            <source>Checks signatures</source>
            <translation>Prüft Signaturen</translation>
        </message>
        <message>
            <source>Does not check signatures</source>
            <translation>Prüft keine Signaturen</translation>
        </message>
        <message>
            <source>Filtering</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>IPv6</source>
            <translation>IPv6</translation>
        </message>
        <message>
            <source>Has an IPv6 address</source>
            <translation>Hat eine IPv6-Adresse</translation>
        </message>
        <message>
            <source>Has no IPv6 address</source>
            <translation>Hat keine IPv6-Adresse</translation>
        </message>
        <message>
            <source>Not tried: early data is off</source>
            <translation>Nicht versucht: Frühe Daten sind ausgeschaltet</translation>
        </message>
        <message>
            <source>Not tried: no IPv6 on one of both sides</source>
            <translation>Nicht versucht: eine der Seiten hat kein IPv6</translation>
        </message>
        <message>
            <source>Reached over IPv6</source>
            <translation>Über IPv6 erreicht</translation>
        </message>
        <message>
            <source>Not reached over IPv6</source>
            <translation>Über IPv6 nicht erreicht</translation>
        </message>
        <message>
            <source>Logs</source>
            <translation>Protokolle</translation>
        </message>
        <message>
            <source>Keeps none</source>
            <translation>Führt keine</translation>
        </message>
        <message>
            <source>Keeps some</source>
            <translation>Führt welche</translation>
        </message>
        <message>
            <source>Cannot be measured</source>
            <translation>Lässt sich nicht messen</translation>
        </message>
        <message>
            <source>Times</source>
            <translation>Zeiten</translation>
        </message>
        <message>
            <source>First answer</source>
            <translation>Erste Antwort</translation>
        </message>
        <message>
            <source>Address</source>
            <translation>Adresse</translation>
        </message>
        <message>
            <source>Certificate</source>
            <translation>Zertifikat</translation>
        </message>
        <message>
            <source>Names</source>
            <translation>Namen</translation>
        </message>
        <message>
            <source>Issuer</source>
            <translation>Aussteller</translation>
        </message>
        <message>
            <source>Ends</source>
            <translation>Endet</translation>
        </message>
        <message>
            <source>Pin</source>
            <translation>Pin</translation>
        </message>
        <message>
            <source>Connection</source>
            <translation>Verbindung</translation>
        </message>
        <message>
            <source>Encryption</source>
            <translation>Verschlüsselung</translation>
        </message>
        <message>
            <source>Resumption</source>
            <translation>Wiederaufnahme</translation>
        </message>
        <message>
            <source>Early data</source>
            <translation>Frühe Daten</translation>
        </message>
        <message>
            <source>Keepalive</source>
            <translation>Offenhalten</translation>
        </message>
        <message>
            <source>Padding</source>
            <translation>Auffüllen</translation>
        </message>
        <message>
            <source>Ordinary name</source>
            <translation>Gewöhnlicher Name</translation>
        </message>
        <message>
            <source>Answered</source>
            <translation>Beantwortet</translation>
        </message>
        <message>
            <source>No address given</source>
            <translation>Keine Adresse genannt</translation>
        </message>
        <message>
            <source>Connecting …</source>
            <translation>Verbindet …</translation>
        </message>
        <message>
            <source>Checking who it is …</source>
            <translation>Prüft, wer es ist …</translation>
        </message>
        <message>
            <source>Asking the first question …</source>
            <translation>Stellt die erste Frage …</translation>
        </message>
        <message>
            <source>Trying what it can do …</source>
            <translation>Probiert, was er kann …</translation>
        </message>
        <message>
            <source>Look whether this computer is online. If other providers can be reached, this one is down or its port is blocked here: try another network, or choose another provider.</source>
            <translation>Nachsehen, ob dieser Computer online ist. Sind andere Anbieter erreichbar, ist dieser ausgefallen, oder sein Port ist hier gesperrt: ein anderes Netz versuchen oder einen anderen Anbieter wählen.</translation>
        </message>
        <message>
            <source>It was reached but did not prove who it is, so nothing was asked. Look whether this computer's date is right. If it is, do not use this provider on this network.</source>
            <translation>Er war erreichbar, hat aber nicht bewiesen, wer er ist; darum wurde nichts gefragt. Nachsehen, ob das Datum dieses Computers stimmt. Wenn ja, diesen Anbieter in diesem Netz nicht benutzen.</translation>
        </message>
        <message>
            <source>It was reached but did not prove who it is, so nothing was asked. Do not use this provider on this network.</source>
            <translation>Er war erreichbar, hat aber nicht bewiesen, wer er ist; darum wurde nichts gefragt. Diesen Anbieter in diesem Netz nicht benutzen.</translation>
        </message>
        <message>
            <source>It was reached, but no encrypted connection came about, so nothing was asked. Perhaps it does not speak DNS over TLS on this port.</source>
            <translation>Er war erreichbar, aber es kam keine verschlüsselte Verbindung zustande; darum wurde nichts gefragt. Vielleicht spricht er an diesem Port kein DNS über TLS.</translation>
        </message>
        <message>
            <source>Give its address in the settings, or look why the providers that look up its name do not answer.</source>
            <translation>Seine Adresse in den Einstellungen angeben, oder nachsehen, warum die Anbieter nicht antworten, die seinen Namen nachschlagen.</translation>
        </message>
        <message>
            <source>Names below %1 are still looked up, by servers of their own.</source>
            <translation>Namen unter %1 werden weiter nachgeschlagen, von eigenen Servern.</translation>
        </message>
        <message numerus="yes">
            <source>%1 and %n more</source>
            <comment>zones</comment>
            <translation>
                <numerusform>%1 und %n weitere</numerusform>
                <numerusform>%1 und %n weiteren</numerusform>
            </translation>
        </message>
        <message>
            <source>It proved who it is but did not answer as it should. Test it again later, or choose another provider.</source>
            <translation>Er hat bewiesen, wer er ist, aber nicht geantwortet, wie er sollte. Später noch einmal testen oder einen anderen Anbieter wählen.</translation>
        </message>
        <message numerus="yes">
            <source>%n thing(s) differ from what it claims.</source>
            <translation>
                <numerusform>%n Ergebnis weicht von seinen Angaben ab.</numerusform>
                <numerusform>%n Ergebnisse weichen von seinen Angaben ab.</numerusform>
            </translation>
        </message>
        <message>
            <source>It does what it claims.</source>
            <translation>Er tut, was er angibt.</translation>
        </message>
        <message>
            <source>Test of %1 (%2), %3</source>
            <comment>provider, its address, time</comment>
            <translation>Test von %1 (%2), %3</translation>
        </message>
        <message>
            <source>claimed: %1</source>
            <translation>angegeben: %1</translation>
        </message>
        <message>
            <source>measured: %1</source>
            <translation>gemessen: %1</translation>
        </message>
        <message>
            <source>not measured</source>
            <translation>nicht gemessen</translation>
        </message>
        <message numerus="yes">
            <source>This computer's clock is at least %n day(s) slow: it shows %1. So no certificate can be checked, and nothing is sent to %2. Set the date.</source>
            <translation>
                <numerusform>Die Uhr dieses Computers geht mindestens %n Tag nach: Sie zeigt %1. So lässt sich kein Zertifikat prüfen, und an %2 wird nichts gesendet. Das Datum stellen.</numerusform>
                <numerusform>Die Uhr dieses Computers geht mindestens %n Tage nach: Sie zeigt %1. So lässt sich kein Zertifikat prüfen, und an %2 wird nichts gesendet. Das Datum stellen.</numerusform>
            </translation>
        </message>
        <message>
            <source>The certificate of %1 is not valid on the day that this computer's clock shows, %2. Is the date wrong? Set it. Is it right? Then the certificate must be renewed. Until then nothing is sent there.</source>
            <translation>Das Zertifikat von %1 gilt nicht an dem Tag, den die Uhr dieses Computers zeigt, %2. Ist das Datum falsch? Dann stellen. Ist es richtig? Dann muss das Zertifikat erneuert werden. Bis dahin wird dorthin nichts gesendet.</translation>
        </message>
        <message>
            <source>Either it has a new key, or somebody stands in between. Ask its operator before you change the pin. Until then nothing is sent there.</source>
            <translation>Entweder hat er einen neuen Schlüssel, oder jemand steht dazwischen. Vor einer Änderung des Pins den Betreiber fragen. Bis dahin wird dorthin nichts gesendet.</translation>
        </message>
        <message>
            <source>%1 shows another key than the pinned one.</source>
            <translation>%1 zeigt einen anderen Schlüssel als den festgelegten.</translation>
        </message>
        <message>
            <source>%1 shows another key than the pinned one, namely %2.</source>
            <translation>%1 zeigt einen anderen Schlüssel als den festgelegten, nämlich %2.</translation>
        </message>
        <message>
            <source>today</source>
            <translation>heute</translation>
        </message>
        <message numerus="yes">
            <source>%n day(s) ago</source>
            <translation>
                <numerusform>vor %n Tag</numerusform>
                <numerusform>vor %n Tagen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>in %n day(s)</source>
            <translation>
                <numerusform>in %n Tag</numerusform>
                <numerusform>in %n Tagen</numerusform>
            </translation>
        </message>
        <message>
            <source>its certificate is not for %1</source>
            <translation>das Zertifikat gilt nicht für %1</translation>
        </message>
        <message>
            <source>its certificate ends %1</source>
            <translation>das Zertifikat endet %1</translation>
        </message>
        <message>
            <source>Race</source>
            <translation>Wettlauf</translation>
        </message>
        <message>
            <source>As Fastest, and when an answer is later than usual a second provider is asked, too: a few more questions, hardly a wait.</source>
            <translation>Wie Schnellster, und kommt eine Antwort später als sonst, wird auch ein zweiter Anbieter gefragt: ein paar Fragen mehr, kaum Warten.</translation>
        </message>
        <message>
            <source>Split by site</source>
            <translation>Nach Website aufgeteilt</translation>
        </message>
        <message>
            <source>Each site always goes to the same provider, so none of them sees all that you look up.</source>
            <translation>Jede Website geht immer zum selben Anbieter; so sieht keiner alles, was Sie nachschlagen.</translation>
        </message>
        <message>
            <source>Blocks %1</source>
            <comment>a name</comment>
            <translation>Sperrt %1</translation>
        </message>
        <message>
            <source>Answers %1</source>
            <comment>a name</comment>
            <translation>Beantwortet %1</translation>
        </message>
        <message>
            <source>This computer asks Sotto.</source>
            <translation>Dieser Computer fragt Sotto.</translation>
        </message>
        <message>
            <source>This computer asks the DNS servers that it had before Sotto.</source>
            <translation>Dieser Computer fragt die DNS-Server, die er vor Sotto hatte.</translation>
        </message>
        <message>
            <source>Paused</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Trying</source>
            <translation>Versuch</translation>
        </message>
        <message>
            <source>A first look-up is tried before this computer's DNS is switched.</source>
            <translation>Vor dem Umschalten wird eine erste Anfrage versucht.</translation>
        </message>
        <message>
            <source>Nobody answers</source>
            <translation>Niemand antwortet</translation>
        </message>
        <message>
            <source>No provider answered a first look-up. If you switch now, this computer may find no names until one does.</source>
            <translation>Kein Anbieter hat eine erste Anfrage beantwortet. Wird jetzt umgeschaltet, findet dieser Computer womöglich keine Namen, bis einer antwortet.</translation>
        </message>
        <message>
            <source>To change this, the system will ask for a password.</source>
            <translation>Für eine Änderung fragt das System nach einem Passwort.</translation>
        </message>
        <message>
            <source>For 5 minutes</source>
            <translation>Für 5 Minuten</translation>
        </message>
        <message>
            <source>For 1 hour</source>
            <translation>Für 1 Stunde</translation>
        </message>
        <message>
            <source>Until tomorrow</source>
            <translation>Bis morgen</translation>
        </message>
        <message>
            <source>Until the service starts anew</source>
            <translation>Bis der Dienst neu startet</translation>
        </message>
        <message>
            <source>until the service starts anew</source>
            <translation>bis der Dienst neu startet</translation>
        </message>
        <message>
            <source>until %1</source>
            <comment>a time of day</comment>
            <translation>bis %1</translation>
        </message>
        <message>
            <source>until tomorrow, %1</source>
            <comment>a time of day</comment>
            <translation>bis morgen, %1</translation>
        </message>
        <message>
            <source>until %1, %2</source>
            <comment>a date and a time of day</comment>
            <translation>bis %1, %2</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <source>Sotto is on, but this computer does not ask it.</source>
            <translation>Sotto ist an, aber dieser Computer fragt es nicht.</translation>
        </message>
        <message>
            <source>No answers</source>
            <translation>Keine Antworten</translation>
        </message>
        <message>
            <source>Sotto does not answer this computer. Names cannot be looked up until it does, as the settings say.</source>
            <translation>Sotto antwortet diesem Computer nicht. Bis es antwortet, werden keine Namen gefunden; so sagen es die Einstellungen.</translation>
        </message>
        <message>
            <source>Sotto does not answer this computer. The earlier DNS servers come back within seconds.</source>
            <translation>Sotto antwortet diesem Computer nicht. Die früheren DNS-Server kommen in wenigen Sekunden zurück.</translation>
        </message>
        <message>
            <source>A VPN</source>
            <translation>Ein VPN</translation>
        </message>
        <message>
            <source>Somebody</source>
            <comment>a person or a program</comment>
            <translation>Jemand</translation>
        </message>
        <message>
            <source>Taken over</source>
            <translation>Übernommen</translation>
        </message>
        <message>
            <source>%1 took over this computer's DNS. Look-ups do not go through Sotto.</source>
            <translation>%1 hat das DNS dieses Computers übernommen. Anfragen gehen nicht durch Sotto.</translation>
        </message>
        <message>
            <source>That may be right while the VPN is connected: only its own servers know the names inside it.</source>
            <translation>Solange das VPN verbunden ist, kann das richtig sein: Nur seine eigenen Server kennen die Namen darin.</translation>
        </message>
        <message>
            <source>Take over again</source>
            <translation>Wieder übernehmen</translation>
        </message>
        <message>
            <source>Not switched</source>
            <translation>Nicht umgeschaltet</translation>
        </message>
        <message>
            <source>This computer's DNS could not be switched to Sotto.</source>
            <translation>Das DNS dieses Computers konnte nicht auf Sotto umgeschaltet werden.</translation>
        </message>
        <message>
            <source>Not given back</source>
            <translation>Nicht zurückgegeben</translation>
        </message>
        <message>
            <source>This computer's earlier DNS settings did not come back.</source>
            <translation>Die früheren DNS-Einstellungen dieses Computers sind nicht zurückgekommen.</translation>
        </message>
        <message>
            <source>Sotto is on, but it cannot switch this computer's DNS.</source>
            <translation>Sotto ist an, kann aber das DNS dieses Computers nicht umschalten.</translation>
        </message>
        <message>
            <source>Sotto cannot switch this computer's DNS now.</source>
            <translation>Sotto kann das DNS dieses Computers zurzeit nicht umschalten.</translation>
        </message>
        <message>
            <source>The program that does it, sotto-lease, does not answer. Install Sotto's package again, or point the system at Sotto by hand.</source>
            <translation>Das Programm dafür, sotto-lease, antwortet nicht. Installieren Sie Sottos Paket neu, oder stellen Sie das System von Hand auf Sotto ein.</translation>
        </message>
        <message>
            <source>asks its own servers as well</source>
            <translation>fragt auch eigene Server</translation>
        </message>
        <message>
            <source>some names go to its own servers</source>
            <translation>manche Namen gehen an eigene Server</translation>
        </message>
        <message>
            <source>a VPN</source>
            <translation>ein VPN</translation>
        </message>
        <message>
            <source>containers</source>
            <translation>Container</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>whose, and what kind</comment>
            <translation>%1: %2</translation>
        </message>
        <message>
            <source>Switching off</source>
            <translation>Wird ausgeschaltet</translation>
        </message>
        <message>
            <source>This computer's earlier DNS settings are coming back.</source>
            <translation>Die früheren DNS-Einstellungen dieses Computers kommen zurück.</translation>
        </message>
        <message>
            <source>Switching on</source>
            <translation>Wird eingeschaltet</translation>
        </message>
        <message>
            <source>This computer's DNS is being switched to Sotto, and tried.</source>
            <translation>Das DNS dieses Computers wird auf Sotto umgeschaltet und ausprobiert.</translation>
        </message>
        <message>
            <source>Set through</source>
            <translation>Eingestellt über</translation>
        </message>
        <message>
            <source>Sotto's address</source>
            <translation>Sottos Adresse</translation>
        </message>
        <message>
            <source>%1, port %2</source>
            <translation>%1, Port %2</translation>
        </message>
        <message>
            <source>Network interfaces</source>
            <translation>Netzwerkschnittstellen</translation>
        </message>
        <message>
            <source>Internet protocol</source>
            <translation>Internetprotokoll</translation>
        </message>
        <message>
            <source>IPv4 and IPv6</source>
            <translation>IPv4 und IPv6</translation>
        </message>
        <message>
            <source>IPv4; there is no IPv6 here</source>
            <translation>IPv4; IPv6 gibt es hier nicht</translation>
        </message>
        <message>
            <source>IPv6; there is no IPv4 here</source>
            <translation>IPv6; IPv4 gibt es hier nicht</translation>
        </message>
        <message>
            <source>This computer asks Sotto, with the exceptions below.</source>
            <translation>Dieser Computer fragt Sotto, mit den Ausnahmen unten.</translation>
        </message>
        <message>
            <source>%1, programs that ask Sotto get “refused”.</source>
            <comment>until when</comment>
            <translation>%1 werden Programme, die Sotto fragen, abgewiesen („refused“).</translation>
        </message>
        <message>
            <source>%1, this computer asks the DNS servers that it had before Sotto.</source>
            <comment>until when</comment>
            <translation>%1 fragt dieser Computer die DNS-Server, die er vor Sotto hatte.</translation>
        </message>
        <message>
            <source>programs that look names up elsewhere</source>
            <translation>Programme, die Namen anderswo nachschlagen</translation>
        </message>
        <message>
            <source>a network namespace</source>
            <translation>ein Netzwerk-Namensraum</translation>
        </message>
        <message>
            <source>its own servers</source>
            <comment>names are asked at …</comment>
            <translation>eigenen Servern</translation>
        </message>
        <message>
            <source>Some names are asked at %1.</source>
            <translation>Manche Namen werden bei %1 erfragt.</translation>
        </message>
        <message>
            <source>Names below %1 are asked at %2.</source>
            <translation>Namen unterhalb von %1 werden bei %2 erfragt.</translation>
        </message>
        <message>
            <source>To have them ask Sotto, write the line below into Sotto's settings file, and %1 into %2.</source>
            <translation>Damit sie Sotto fragen, tragen Sie die Zeile unten in Sottos Einstellungsdatei ein und %1 in %2.</translation>
        </message>
        <message>
            <source>Every name is asked at %1, too, and not encrypted by Sotto: this interface has “~.” among its domains.</source>
            <translation>Jeder Name wird auch bei %1 erfragt, nicht von Sotto verschlüsselt: Diese Schnittstelle hat „~.“ unter ihren Domänen.</translation>
        </message>
        <message>
            <source>The servers of the VPN are not asked: names that only they know are not found, and your providers see them.</source>
            <translation>Die Server des VPN werden nicht gefragt: Namen, die nur sie kennen, werden nicht gefunden, und Ihre Anbieter sehen sie.</translation>
        </message>
        <message>
            <source>Containers cannot reach this computer's own loopback addresses. They are given other servers, public ones where none are known.</source>
            <translation>Container erreichen die Loopback-Adressen dieses Computers nicht. Sie bekommen andere Server, und öffentliche, wo keine bekannt sind.</translation>
        </message>
        <message>
            <source>The line “hosts” of this file sends look-ups elsewhere. It must name “dns”; “resolve” leads to Sotto only where systemd-resolved asks it.</source>
            <translation>Die Zeile „hosts“ dieser Datei leitet Anfragen anderswohin. Sie muss „dns“ nennen; „resolve“ führt nur zu Sotto, wo systemd-resolved Sotto fragt.</translation>
        </message>
        <message>
            <source>Programs in this network namespace ask the servers of %1.</source>
            <translation>Programme in diesem Netzwerk-Namensraum fragen die Server aus %1.</translation>
        </message>
        <message>
            <source>%1. Sotto answers until this computer's earlier DNS settings are back.</source>
            <comment>until when</comment>
            <translation>%1. Sotto antwortet, bis die früheren DNS-Einstellungen dieses Computers zurück sind.</translation>
        </message>
        <message>
            <source>the settings of resolvconf</source>
            <translation>den Einstellungen von resolvconf</translation>
        </message>
        <message>
            <source>the global DNS configuration of NetworkManager</source>
            <translation>der globalen DNS-Konfiguration von NetworkManager</translation>
        </message>
        <message>
            <source>Changed by hand</source>
            <translation>Von Hand geändert</translation>
        </message>
        <message>
            <source>This computer's DNS was changed by hand. Look-ups do not go through Sotto.</source>
            <translation>Das DNS dieses Computers wurde von Hand geändert. Anfragen gehen nicht durch Sotto.</translation>
        </message>
        <message>
            <source>This computer's DNS was changed by hand, in %1. Look-ups do not go through Sotto.</source>
            <translation>Das DNS dieses Computers wurde von Hand geändert, in %1. Anfragen gehen nicht durch Sotto.</translation>
        </message>
        <message>
            <source>This computer's earlier DNS settings did not come back. Sotto goes on answering until they do.</source>
            <translation>Die früheren DNS-Einstellungen dieses Computers sind nicht zurückgekommen. Sotto antwortet weiter, bis sie es sind.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::CacheCard</name>
        <message>
            <source>Pushed out of memory</source>
            <translation>Verdrängt</translation>
        </message>
        <message>
            <source>Forgotten early because the cache was full</source>
            <translation>Früher vergessen, weil das Gedächtnis voll war</translation>
        </message>
        <message numerus="yes">
            <source>Forgot %n cached answer(s).</source>
            <translation>
                <numerusform>%n gemerkte Antwort vergessen.</numerusform>
                <numerusform>%n gemerkte Antworten vergessen.</numerusform>
            </translation>
        </message>
        <message>
            <source>No answer for %1 was kept.</source>
            <translation>Für %1 war keine Antwort gemerkt.</translation>
        </message>
        <message numerus="yes">
            <source>Forgot %n cached answer(s) for %1.</source>
            <translation>
                <numerusform>%n gemerkte Antwort für %1 vergessen.</numerusform>
                <numerusform>%n gemerkte Antworten für %1 vergessen.</numerusform>
            </translation>
        </message>
        <message>
            <source>How full the cache is</source>
            <translation>Wie voll das Gedächtnis ist</translation>
        </message>
        <message>
            <source>Forget one name, e.g. example.com</source>
            <translation>Einen Namen vergessen, z. B. example.com</translation>
        </message>
        <message>
            <source>Name to forget</source>
            <translation>Name, der vergessen wird</translation>
        </message>
        <message>
            <source>Forget</source>
            <translation>Vergessen</translation>
        </message>
        <message>
            <source>Forgets the cached answers for this name</source>
            <translation>Vergisst die gemerkten Antworten für diesen Namen</translation>
        </message>
        <message>
            <source>Forget all cached answers</source>
            <translation>Alle gemerkten Antworten vergessen</translation>
        </message>
        <message>
            <source>The next question for each name goes to a provider again</source>
            <translation>Die nächste Frage zu jedem Namen geht wieder an einen Anbieter</translation>
        </message>
        <message>
            <source>Memory of answers (cache)</source>
            <translation>Gedächtnis für Antworten (Cache)</translation>
        </message>
        <message numerus="yes">
            <source>%n answer(s) kept, %1 of %2</source>
            <translation>
                <numerusform>%n Antwort gemerkt, %1 von %2</numerusform>
                <numerusform>%n Antworten gemerkt, %1 von %2</numerusform>
            </translation>
        </message>
        <message>
            <source>This account may not change Sotto.</source>
            <translation>Dieses Konto darf Sotto nicht verändern.</translation>
        </message>
        <message>
            <source>and all names below it</source>
            <translation>und alle Namen darunter</translation>
        </message>
        <message>
            <source>Forgets the cached answers for all names below this one too</source>
            <translation>Vergisst auch die gemerkten Antworten für alle Namen unter diesem</translation>
        </message>
        <message>
            <source>No answer for %1 or a name below it was kept.</source>
            <translation>Für %1 und Namen darunter war keine Antwort gemerkt.</translation>
        </message>
        <message numerus="yes">
            <source>Forgot %n cached answer(s) for %1 and names below it.</source>
            <translation>
                <numerusform>%n gemerkte Antwort für %1 und Namen darunter vergessen.</numerusform>
                <numerusform>%n gemerkte Antworten für %1 und Namen darunter vergessen.</numerusform>
            </translation>
        </message>
    </context>
    <context>
        <name>sotto::app::DisconnectedPanel</name>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Command that starts the service</source>
            <translation>Befehl, der den Dienst startet</translation>
        </message>
        <message>
            <source>Copies the command that starts the service</source>
            <translation>Kopiert den Befehl, der den Dienst startet</translation>
        </message>
        <message>
            <source>Looking for the Sotto service</source>
            <translation>Der Sotto-Dienst wird gesucht</translation>
        </message>
        <message>
            <source>The Sotto service does not fit this program</source>
            <translation>Der Sotto-Dienst passt nicht zu diesem Programm</translation>
        </message>
        <message>
            <source>Install the same version of both and start the service again. This window connects by itself then.</source>
            <translation>Installieren Sie beide in derselben Version und starten Sie den Dienst neu. Dieses Fenster verbindet sich dann von selbst.</translation>
        </message>
        <message>
            <source>The Sotto service is not running</source>
            <translation>Der Sotto-Dienst läuft nicht</translation>
        </message>
        <message>
            <source>It looks up names for this computer. Start it with the command below; this window connects by itself.</source>
            <translation>Er schlägt Namen für diesen Rechner nach. Starten Sie ihn mit dem Befehl unten; dieses Fenster verbindet sich von selbst.</translation>
        </message>
        <message>
            <source>Socket: %1</source>
            <translation>Socket: %1</translation>
        </message>
        <message>
            <source>Reason: %1</source>
            <translation>Grund: %1</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::Histogram</name>
        <message>
            <source>Nothing was counted yet</source>
            <translation>Noch wurde nichts gezählt</translation>
        </message>
        <message>
            <source>%1 µs</source>
            <translation>%1 µs</translation>
        </message>
        <message>
            <source>%1 ms</source>
            <translation>%1 ms</translation>
        </message>
        <message>
            <source>%1 s</source>
            <translation>%1 s</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::LogModel</name>
        <message>
            <source>Sotto</source>
            <translation>Sotto</translation>
        </message>
        <message>
            <source>Time</source>
            <translation>Zeit</translation>
        </message>
        <message>
            <source>Name</source>
            <translation>Name</translation>
        </message>
        <message>
            <source>Type</source>
            <translation>Art</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Answered by</source>
            <translation>Beantwortet von</translation>
        </message>
        <message>
            <source>Took</source>
            <translation>Dauer</translation>
        </message>
        <message>
            <source>Client</source>
            <translation>Programm</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::LogPage</name>
        <message>
            <source>Pause</source>
            <translation>Anhalten</translation>
        </message>
        <message>
            <source>Holds new entries back</source>
            <translation>Hält neue Einträge zurück</translation>
        </message>
        <message>
            <source>Newest</source>
            <translation>Neueste</translation>
        </message>
        <message>
            <source>Jumps to the newest entry and follows</source>
            <translation>Springt zum neuesten Eintrag und folgt</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copies the selected rows</source>
            <translation>Kopiert die gewählten Zeilen</translation>
        </message>
        <message>
            <source>Clear</source>
            <translation>Leeren</translation>
        </message>
        <message>
            <source>Empties this view; the service keeps its own log</source>
            <translation>Leert diese Ansicht; der Dienst behält sein eigenes Protokoll</translation>
        </message>
        <message>
            <source>Query log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Search the log</source>
            <translation>Im Protokoll suchen</translation>
        </message>
        <message>
            <source>Searches names, types, results, clients and providers</source>
            <translation>Sucht in Namen, Arten, Ergebnissen, Programmen und Anbietern</translation>
        </message>
        <message>
            <source>Answered by</source>
            <translation>Beantwortet von</translation>
        </message>
        <message>
            <source>Answered by anybody</source>
            <translation>Von wem auch immer</translation>
        </message>
        <message>
            <source>Result</source>
            <translation>Ergebnis</translation>
        </message>
        <message>
            <source>Any result</source>
            <translation>Jedes Ergebnis</translation>
        </message>
        <message>
            <source>This account may not read the query log. Ask an administrator.</source>
            <translation>Dieses Konto darf das Protokoll nicht lesen. Fragen Sie einen Administrator.</translation>
        </message>
        <message>
            <source>Resume</source>
            <translation>Weiter</translation>
        </message>
        <message>
            <source>No entry matches.</source>
            <translation>Kein Eintrag passt.</translation>
        </message>
        <message>
            <source>No query yet. Each one shows here as it is answered.</source>
            <translation>Noch keine Anfrage. Jede erscheint hier, sobald sie beantwortet ist.</translation>
        </message>
        <message numerus="yes">
            <source>%n entries</source>
            <translation>
                <numerusform>%n Eintrag</numerusform>
                <numerusform>%n Einträge</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%1 of %n entries</source>
            <translation>
                <numerusform>%1 von %n Eintrag</numerusform>
                <numerusform>%1 von %n Einträgen</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>paused, %n waiting</source>
            <translation>
                <numerusform>angehalten, %n wartet</numerusform>
                <numerusform>angehalten, %n warten</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n lost because they came too fast</source>
            <translation>
                <numerusform>%n verloren, weil er zu schnell kam</numerusform>
                <numerusform>%n verloren, weil sie zu schnell kamen</numerusform>
            </translation>
        </message>
        <message>
            <source>Select a query to see why it was answered so.</source>
            <translation>Wählen Sie eine Anfrage, um zu sehen, warum sie so beantwortet wurde.</translation>
        </message>
        <message numerus="yes">
            <source>%n queries selected</source>
            <translation>
                <numerusform>%n Anfrage gewählt</numerusform>
                <numerusform>%n Anfragen gewählt</numerusform>
            </translation>
        </message>
        <message>
            <source>The query log is switched off in the settings (log.entries is 0).</source>
            <translation>Das Protokoll ist in den Einstellungen abgeschaltet (log.entries ist 0).</translation>
        </message>
        <message>
            <source>switched off in the settings</source>
            <translation>in den Einstellungen abgeschaltet</translation>
        </message>
        <message>
            <source>The query log is shown once the system has asked you for a password.</source>
            <translation>Das Protokoll wird gezeigt, sobald das System Sie nach einem Passwort gefragt hat.</translation>
        </message>
        <message>
            <source>The query log is not shown to this account. Ask an administrator.</source>
            <translation>Das Protokoll wird diesem Konto nicht gezeigt. Wenden Sie sich an einen Administrator.</translation>
        </message>
        <message>
            <source>Show it</source>
            <translation>Zeigen</translation>
        </message>
        <message>
            <source>The query log was not read yet.</source>
            <translation>Das Protokoll wurde noch nicht gelesen.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::MainWindow</name>
        <message>
            <source>Overview</source>
            <translation>Übersicht</translation>
        </message>
        <message>
            <source>Providers</source>
            <translation>Anbieter</translation>
        </message>
        <message>
            <source>Query log</source>
            <translation>Protokoll</translation>
        </message>
        <message>
            <source>Statistics</source>
            <translation>Statistik</translation>
        </message>
        <message>
            <source>Appearance</source>
            <translation>Aussehen</translation>
        </message>
        <message>
            <source>As the desktop</source>
            <translation>Wie der Desktop</translation>
        </message>
        <message>
            <source>Light</source>
            <translation>Hell</translation>
        </message>
        <message>
            <source>Dark</source>
            <translation>Dunkel</translation>
        </message>
        <message>
            <source>Start hidden in the tray</source>
            <translation>Versteckt in der Symbolleiste starten</translation>
        </message>
        <message>
            <source>Quit Sotto</source>
            <translation>Sotto beenden</translation>
        </message>
        <message>
            <source>%1 – Sotto</source>
            <comment>window title: state</comment>
            <translation>%1 – Sotto</translation>
        </message>
        <message>
            <source>Sotto %1, service %2</source>
            <translation>Sotto %1, Dienst %2</translation>
        </message>
        <message>
            <source>Sotto %1</source>
            <translation>Sotto %1</translation>
        </message>
        <message>
            <source>This desktop has no tray.</source>
            <translation>Dieser Desktop hat keine Symbolleiste.</translation>
        </message>
        <message>
            <source>This desktop has no tray: closing the window ends this program. The service goes on answering.</source>
            <translation>Dieser Desktop hat keine Symbolleiste: Das Schließen des Fensters beendet dieses Programm. Der Dienst antwortet weiter.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::MessageStrip</name>
        <message>
            <source>Put this message away</source>
            <translation>Diese Meldung weglegen</translation>
        </message>
        <message>
            <source>Stop waiting</source>
            <translation>Nicht mehr warten</translation>
        </message>
        <message>
            <source>Gives the request up; the system's dialog goes away</source>
            <translation>Gibt die Anfrage auf; der Dialog des Systems verschwindet</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::OverviewPage</name>
        <message>
            <source>Queries a second</source>
            <translation>Anfragen je Sekunde</translation>
        </message>
        <message>
            <source>Queries a second now</source>
            <translation>Anfragen je Sekunde zurzeit</translation>
        </message>
        <message>
            <source>Queries a second over the last two minutes</source>
            <translation>Anfragen je Sekunde in den letzten zwei Minuten</translation>
        </message>
        <message>
            <source>Queries</source>
            <translation>Anfragen</translation>
        </message>
        <message>
            <source>Questions since the service started</source>
            <translation>Fragen seit dem Start des Dienstes</translation>
        </message>
        <message>
            <source>From memory</source>
            <translation>Aus dem Gedächtnis</translation>
        </message>
        <message>
            <source>Share of questions that were answered from the cache</source>
            <translation>Anteil der Fragen, die aus dem Gedächtnis beantwortet wurden</translation>
        </message>
        <message>
            <source>Cached answer</source>
            <translation>Gemerkte Antwort</translation>
        </message>
        <message>
            <source>Half of the answers from the cache took no longer than this</source>
            <translation>Die Hälfte der Antworten aus dem Gedächtnis dauerte nicht länger</translation>
        </message>
        <message>
            <source>Provider's answer</source>
            <translation>Antwort vom Anbieter</translation>
        </message>
        <message>
            <source>Half of the answers from a provider took no longer than this</source>
            <translation>Die Hälfte der Antworten von Anbietern dauerte nicht länger</translation>
        </message>
        <message>
            <source>Chosen providers</source>
            <translation>Gewählte Anbieter</translation>
        </message>
        <message>
            <source>Providers in use</source>
            <translation>Genutzte Anbieter</translation>
        </message>
        <message>
            <source>None is chosen.</source>
            <translation>Keiner ist gewählt.</translation>
        </message>
        <message>
            <source>The figures below are shown once the system has asked you for a password.</source>
            <translation>Die Zahlen unten werden gezeigt, sobald das System Sie nach einem Passwort gefragt hat.</translation>
        </message>
        <message>
            <source>The figures below are not shown to this account. Ask an administrator.</source>
            <translation>Die Zahlen unten werden diesem Konto nicht gezeigt. Wenden Sie sich an einen Administrator.</translation>
        </message>
        <message>
            <source>Show them</source>
            <translation>Zeigen</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ProviderDelegate</name>
        <message>
            <source>no. %1</source>
            <comment>place in the order of choosing</comment>
            <translation>Nr. %1</translation>
        </message>
        <message>
            <source>no logs</source>
            <translation>kein Protokoll</translation>
        </message>
        <message>
            <source>Your own server</source>
            <translation>Eigener Server</translation>
        </message>
        <message>
            <source>for %1</source>
            <comment>the names below a zone</comment>
            <translation>für %1</translation>
        </message>
        <message>
            <source>unencrypted</source>
            <translation>unverschlüsselt</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ProviderDetail</name>
        <message>
            <source>Says nothing about it</source>
            <translation>Sagt nichts dazu</translation>
        </message>
        <message>
            <source>About this provider</source>
            <translation>Über diesen Anbieter</translation>
        </message>
        <message>
            <source>Now</source>
            <translation>Zurzeit</translation>
        </message>
        <message>
            <source>Last error</source>
            <translation>Letzter Fehler</translation>
        </message>
        <message>
            <source>Filtering</source>
            <translation>Filter</translation>
        </message>
        <message>
            <source>Operator in</source>
            <translation>Betreiber in</translation>
        </message>
        <message>
            <source>Claim: DNSSEC</source>
            <translation>Angabe: DNSSEC</translation>
        </message>
        <message>
            <source>Claim: logs</source>
            <translation>Angabe: Protokolle</translation>
        </message>
        <message>
            <source>Claim: your subnet</source>
            <translation>Angabe: Ihr Teilnetz</translation>
        </message>
        <message>
            <source>Verified name</source>
            <translation>Geprüfter Name</translation>
        </message>
        <message>
            <source>Addresses</source>
            <translation>Adressen</translation>
        </message>
        <message>
            <source>Website</source>
            <translation>Website</translation>
        </message>
        <message>
            <source>Listing</source>
            <translation>Quelle</translation>
        </message>
        <message>
            <source>Claims are the operator's own words. Sotto has not checked them.</source>
            <translation>Angaben sind Worte des Betreibers. Sotto hat sie nicht geprüft.</translation>
        </message>
        <message>
            <source>Checks signatures</source>
            <translation>Prüft Signaturen</translation>
        </message>
        <message>
            <source>Does not check signatures</source>
            <translation>Prüft keine Signaturen</translation>
        </message>
        <message>
            <source>Keeps none</source>
            <translation>Führt keine</translation>
        </message>
        <message>
            <source>Keeps some</source>
            <translation>Führt welche</translation>
        </message>
        <message>
            <source>Passes a part of your address on</source>
            <translation>Gibt einen Teil Ihrer Adresse weiter</translation>
        </message>
        <message>
            <source>Not passed on</source>
            <translation>Wird nicht weitergegeben</translation>
        </message>
        <message>
            <source>Port %1</source>
            <translation>Port %1</translation>
        </message>
        <message>
            <source>Name and address stand together in a published source</source>
            <translation>Name und Adresse stehen zusammen in einer veröffentlichten Quelle</translation>
        </message>
        <message>
            <source>Name and address come from different sources; a wrong pair would fail, not leak</source>
            <translation>Name und Adresse stammen aus verschiedenen Quellen; ein falsches Paar würde scheitern, nichts verraten</translation>
        </message>
        <message>
            <source>In full</source>
            <translation>Im Wortlaut</translation>
        </message>
        <message>
            <source>Warning</source>
            <translation>Warnung</translation>
        </message>
        <message>
            <source>Connections</source>
            <translation>Verbindungen</translation>
        </message>
        <message>
            <source>Last connection</source>
            <translation>Letzte Verbindung</translation>
        </message>
        <message>
            <source>Median</source>
            <translation>Median</translation>
        </message>
        <message>
            <source>Only for</source>
            <translation>Nur für</translation>
        </message>
        <message>
            <source>Test</source>
            <translation>Testen</translation>
        </message>
        <message>
            <source>%1 open, %2 waiting</source>
            <comment>connections; questions on their way</comment>
            <translation>%1 offen, %2 warten</translation>
        </message>
        <message>
            <source>Resumed, with early data</source>
            <translation>Wieder aufgenommen, mit frühen Daten</translation>
        </message>
        <message>
            <source>Resumed with a ticket</source>
            <translation>Mit Ticket wieder aufgenommen</translation>
        </message>
        <message>
            <source>Full handshake</source>
            <translation>Voller Handshake</translation>
        </message>
        <message>
            <source>kept %1 when idle</source>
            <translation>ungenutzt %1 offen gehalten</translation>
        </message>
        <message>
            <source>Unencrypted: everybody on the way can read and change what it is asked.</source>
            <translation>Unverschlüsselt: Jeder auf dem Weg kann lesen und ändern, was dieser Server gefragt wird.</translation>
        </message>
        <message>
            <source>Its own name was looked up unencrypted (bootstrap). What it is asked is encrypted, and it is verified.</source>
            <translation>Sein eigener Name wurde unverschlüsselt nachgeschlagen (Bootstrap). Was er gefragt wird, ist verschlüsselt, und er wird geprüft.</translation>
        </message>
        <message>
            <source>Test %1</source>
            <comment>a provider</comment>
            <translation>%1 testen</translation>
        </message>
        <message>
            <source>A server of your own.</source>
            <translation>Ein eigener Server.</translation>
        </message>
        <message>
            <source>Measures what this provider can do, on connections of its own (Ctrl+T)</source>
            <translation>Misst, was dieser Anbieter kann, auf eigenen Verbindungen (Strg+T)</translation>
        </message>
        <message>
            <source>Testing …</source>
            <translation>Wird getestet …</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ProvidersPage</name>
        <message>
            <source>Providers</source>
            <translation>Anbieter</translation>
        </message>
        <message>
            <source>Search providers</source>
            <translation>Anbieter suchen</translation>
        </message>
        <message>
            <source>Searches names, countries, TLS names and addresses</source>
            <translation>Sucht in Namen, Ländern, TLS-Namen und Adressen</translation>
        </message>
        <message>
            <source>DNSSEC</source>
            <translation>DNSSEC</translation>
        </message>
        <message>
            <source>Only providers that claim to check signatures</source>
            <translation>Nur Anbieter, die nach eigener Angabe Signaturen prüfen</translation>
        </message>
        <message>
            <source>No logs</source>
            <translation>Kein Protokoll</translation>
        </message>
        <message>
            <source>Only providers that claim to keep no logs</source>
            <translation>Nur Anbieter, die nach eigener Angabe nichts protokollieren</translation>
        </message>
        <message>
            <source>Space chooses the provider or takes it back</source>
            <translation>Die Leertaste wählt den Anbieter oder nimmt ihn zurück</translation>
        </message>
        <message>
            <source>No provider matches. Take a filter back or search for something else.</source>
            <translation>Kein Anbieter passt. Nehmen Sie einen Filter zurück oder suchen Sie etwas anderes.</translation>
        </message>
        <message>
            <source>With several:</source>
            <translation>Bei mehreren:</translation>
        </message>
        <message>
            <source>How Sotto chooses between several providers</source>
            <translation>Wie Sotto zwischen mehreren Anbietern wählt</translation>
        </message>
        <message>
            <source>Discard</source>
            <translation>Verwerfen</translation>
        </message>
        <message>
            <source>Goes back to the providers in use</source>
            <translation>Geht zu den genutzten Anbietern zurück</translation>
        </message>
        <message>
            <source>Set by the administrator in the service's settings file.</source>
            <translation>Vom Administrator in der Einstellungsdatei des Dienstes festgelegt.</translation>
        </message>
        <message>
            <source>Set in %1 by the administrator.</source>
            <translation>Vom Administrator in %1 festgelegt.</translation>
        </message>
        <message>
            <source>This account may not change the providers. Ask an administrator.</source>
            <translation>Dieses Konto darf die Anbieter nicht ändern. Fragen Sie einen Administrator.</translation>
        </message>
        <message>
            <source>Choose a provider to read about it.</source>
            <translation>Wählen Sie einen Anbieter, um über ihn zu lesen.</translation>
        </message>
        <message>
            <source>Choose at least one provider.</source>
            <translation>Wählen Sie mindestens einen Anbieter.</translation>
        </message>
        <message>
            <source>Will use %1 instead of the servers in use.</source>
            <translation>Künftig %1 statt der genutzten Server.</translation>
        </message>
        <message>
            <source>Servers of your own are in use: %1.</source>
            <translation>Eigene Server sind in Gebrauch: %1.</translation>
        </message>
        <message>
            <source>Choosing providers replaces them.</source>
            <translation>Wer Anbieter wählt, ersetzt sie.</translation>
        </message>
        <message>
            <source>Will use %1 instead of %2.</source>
            <translation>Künftig %1 statt %2.</translation>
        </message>
        <message>
            <source>Changing …</source>
            <translation>Wird geändert …</translation>
        </message>
        <message numerus="yes">
            <source>Use %n provider(s)</source>
            <translation>
                <numerusform>%n Anbieter nutzen</numerusform>
                <numerusform>%n Anbieter nutzen</numerusform>
            </translation>
        </message>
        <message>
            <source>This account may not change it.</source>
            <translation>Dieses Konto darf das nicht ändern.</translation>
        </message>
        <message>
            <source>“%1” is in force; this program does not know it.</source>
            <translation>„%1“ gilt; dieses Programm kennt es nicht.</translation>
        </message>
        <message>
            <source>The choice between providers was not changed.</source>
            <translation>Die Wahl zwischen den Anbietern wurde nicht geändert.</translation>
        </message>
        <message>
            <source>This account may not test providers.</source>
            <translation>Dieses Konto darf keine Anbieter testen.</translation>
        </message>
        <message>
            <source>To change or test providers, the system will ask for a password.</source>
            <translation>Um Anbieter zu ändern oder zu testen, fragt das System nach einem Passwort.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::Screenshots</name>
        <message>
            <source>The folder %1 cannot be made.</source>
            <translation>Der Ordner %1 lässt sich nicht anlegen.</translation>
        </message>
        <message>
            <source>The Sotto service does not answer at %1. %2</source>
            <translation>Der Sotto-Dienst antwortet nicht an %1. %2</translation>
        </message>
        <message>
            <source>The page %1 did not come.</source>
            <translation>Die Seite %1 kam nicht.</translation>
        </message>
        <message>
            <source>%1 cannot be written.</source>
            <translation>%1 lässt sich nicht schreiben.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ServiceConnection</name>
        <message>
            <source>Ask an administrator of this computer to do it or to allow it to you.</source>
            <translation>Bitten Sie einen Administrator dieses Rechners, es zu tun oder Ihnen zu erlauben.</translation>
        </message>
        <message>
            <source>It is set in %1; change it there.</source>
            <translation>Es ist in %1 festgelegt; ändern Sie es dort.</translation>
        </message>
        <message>
            <source>It is set in the administrator's settings file; change it there.</source>
            <translation>Es ist in der Einstellungsdatei des Administrators festgelegt; ändern Sie es dort.</translation>
        </message>
        <message>
            <source>Nothing was changed.</source>
            <translation>Nichts wurde geändert.</translation>
        </message>
        <message>
            <source>Try again; if it stays so, look at the service's own messages.</source>
            <translation>Versuchen Sie es noch einmal; bleibt es so, sehen Sie die Meldungen des Dienstes an.</translation>
        </message>
        <message>
            <source>%1 %2 %3</source>
            <comment>what failed, the reason, what to do</comment>
            <translation>%1 %2 %3</translation>
        </message>
        <message>
            <source>Sotto could not be turned on.</source>
            <translation>Sotto ließ sich nicht einschalten.</translation>
        </message>
        <message>
            <source>Sotto could not be turned off.</source>
            <translation>Sotto ließ sich nicht ausschalten.</translation>
        </message>
        <message>
            <source>The providers were not changed.</source>
            <translation>Die Anbieter wurden nicht geändert.</translation>
        </message>
        <message>
            <source>Nothing was forgotten.</source>
            <translation>Nichts wurde vergessen.</translation>
        </message>
        <message>
            <source>The statistics could not be read.</source>
            <translation>Die Statistik ließ sich nicht lesen.</translation>
        </message>
        <message>
            <source>The providers could not be read.</source>
            <translation>Die Anbieter ließen sich nicht lesen.</translation>
        </message>
        <message>
            <source>The settings could not be read.</source>
            <translation>Die Einstellungen ließen sich nicht lesen.</translation>
        </message>
        <message>
            <source>The service is older than this program; restart it after an update.</source>
            <translation>Der Dienst ist älter als dieses Programm; nach einer Aktualisierung neu starten.</translation>
        </message>
        <message>
            <source>The test did not begin. %1 Try again in a moment.</source>
            <translation>Der Test hat nicht begonnen. %1 Gleich noch einmal versuchen.</translation>
        </message>
        <message>
            <source>The test did not begin.</source>
            <translation>Der Test hat nicht begonnen.</translation>
        </message>
        <message>
            <source>It needs the password that the system asks for.</source>
            <translation>Dafür ist das Passwort nötig, nach dem das System fragt.</translation>
        </message>
        <message>
            <source>Sotto was not paused.</source>
            <translation>Die Pause hat nicht begonnen.</translation>
        </message>
        <message>
            <source>This computer's DNS was not switched to Sotto.</source>
            <translation>Das DNS dieses Computers wurde nicht auf Sotto umgeschaltet.</translation>
        </message>
        <message>
            <source>The log was not read.</source>
            <translation>Das Protokoll wurde nicht gelesen.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ShareBars</name>
        <message>
            <source>others</source>
            <translation>andere</translation>
        </message>
        <message>
            <source>%1: %2, %3</source>
            <comment>a part of a whole, its share, its count</comment>
            <translation>%1: %2, %3</translation>
        </message>
        <message>
            <source>Nothing was counted yet</source>
            <translation>Noch wurde nichts gezählt</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::Sidebar</name>
        <message>
            <source>Options</source>
            <translation>Optionen</translation>
        </message>
        <message>
            <source>Appearance and other options</source>
            <translation>Aussehen und andere Optionen</translation>
        </message>
        <message>
            <source>%1 (Ctrl+%2)</source>
            <comment>page name, digit</comment>
            <translation>%1 (Strg+%2)</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::Sparkline</name>
        <message>
            <source>2 min ago</source>
            <translation>vor 2 min</translation>
        </message>
        <message>
            <source>now</source>
            <translation>jetzt</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::StatisticsPage</name>
        <message>
            <source>Questions</source>
            <translation>Fragen</translation>
        </message>
        <message>
            <source>All</source>
            <translation>Alle</translation>
        </message>
        <message>
            <source>Over UDP</source>
            <translation>Über UDP</translation>
        </message>
        <message>
            <source>Over TCP</source>
            <translation>Über TCP</translation>
        </message>
        <message>
            <source>Malformed</source>
            <translation>Fehlerhaft</translation>
        </message>
        <message>
            <source>Dropped, or answered that they make no sense</source>
            <translation>Verworfen oder als unsinnig beantwortet</translation>
        </message>
        <message>
            <source>Running for</source>
            <translation>Läuft seit</translation>
        </message>
        <message>
            <source>Answers</source>
            <translation>Antworten</translation>
        </message>
        <message>
            <source>From memory</source>
            <translation>Aus dem Gedächtnis</translation>
        </message>
        <message>
            <source>Had to be asked for</source>
            <translation>Mussten erfragt werden</translation>
        </message>
        <message>
            <source>Joined one under way</source>
            <translation>Haben mitgewartet</translation>
        </message>
        <message>
            <source>The same question was already on its way to a provider</source>
            <translation>Dieselbe Frage war schon unterwegs zu einem Anbieter</translation>
        </message>
        <message>
            <source>Refused while off</source>
            <translation>Abgelehnt, weil aus</translation>
        </message>
        <message>
            <source>Failed</source>
            <translation>Gescheitert</translation>
        </message>
        <message>
            <source>No provider gave a usable answer</source>
            <translation>Kein Anbieter hat eine brauchbare Antwort gegeben</translation>
        </message>
        <message>
            <source>Cut, to be asked over TCP</source>
            <translation>Gekürzt, für TCP</translation>
        </message>
        <message>
            <source>Providers</source>
            <translation>Anbieter</translation>
        </message>
        <message>
            <source>Questions sent</source>
            <translation>Verschickte Fragen</translation>
        </message>
        <message>
            <source>Repeated ones are counted each time</source>
            <translation>Wiederholte zählen jedes Mal</translation>
        </message>
        <message>
            <source>Attempts that failed</source>
            <translation>Gescheiterte Versuche</translation>
        </message>
        <message>
            <source>Missing in the log</source>
            <translation>Fehlen im Protokoll</translation>
        </message>
        <message>
            <source>The log lets entries go before it slows an answer down</source>
            <translation>Das Protokoll lässt eher Einträge aus, als eine Antwort zu bremsen</translation>
        </message>
        <message>
            <source>Statistics</source>
            <translation>Statistik</translation>
        </message>
        <message>
            <source>Answer times from memory</source>
            <translation>Antwortzeiten aus dem Gedächtnis</translation>
        </message>
        <message>
            <source>Answer times of providers</source>
            <translation>Antwortzeiten der Anbieter</translation>
        </message>
        <message>
            <source>Half within %1, 99 of 100 within %2</source>
            <translation>Die Hälfte in %1, 99 von 100 in %2</translation>
        </message>
        <message>
            <source>Of these, expired ones</source>
            <translation>Davon abgelaufene</translation>
        </message>
        <message>
            <source>Answers past their time, given as the settings allow</source>
            <translation>Antworten, deren Zeit vorbei ist, gegeben, wie die Einstellungen es erlauben</translation>
        </message>
        <message>
            <source>By Sotto itself</source>
            <translation>Von Sotto selbst</translation>
        </message>
        <message>
            <source>Special names such as localhost, which no provider knows</source>
            <translation>Besondere Namen wie localhost, die kein Anbieter kennt</translation>
        </message>
        <message>
            <source>Asked anew</source>
            <translation>Neu gefragt</translation>
        </message>
        <message>
            <source>For the memory, while nobody waited: before an answer expired, or behind an expired one that was given</source>
            <translation>Für das Gedächtnis, ohne dass jemand wartete: bevor eine Antwort ablief, oder nachdem eine abgelaufene gegeben wurde</translation>
        </message>
        <message>
            <source>Questions by type</source>
            <translation>Fragen nach Art</translation>
        </message>
        <message>
            <source>The statistics are shown once the system has asked you for a password.</source>
            <translation>Die Statistik wird gezeigt, sobald das System Sie nach einem Passwort gefragt hat.</translation>
        </message>
        <message>
            <source>The statistics are not shown to this account. Ask an administrator.</source>
            <translation>Die Statistik wird diesem Konto nicht gezeigt. Wenden Sie sich an einen Administrator.</translation>
        </message>
        <message>
            <source>Show them</source>
            <translation>Zeigen</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::Tray</name>
        <message>
            <source>Encrypted look-ups</source>
            <translation>Verschlüsselt nachschlagen</translation>
        </message>
        <message>
            <source>Provider</source>
            <translation>Anbieter</translation>
        </message>
        <message>
            <source>Open Sotto</source>
            <translation>Sotto öffnen</translation>
        </message>
        <message>
            <source>Quit</source>
            <translation>Beenden</translation>
        </message>
        <message>
            <source>More …</source>
            <translation>Mehr …</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Resume now</source>
            <translation>Jetzt weitermachen</translation>
        </message>
        <message>
            <source>%1 left.</source>
            <comment>of a pause</comment>
            <translation>Noch %1.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ConnectionGroup</name>
        <message>
            <source>Connection (experimental)</source>
            <translation>Verbindung (experimentell)</translation>
        </message>
        <message>
            <source>Shows or hides two ways to save a round trip</source>
            <translation>Zeigt oder verbirgt zwei Arten, einen Umlauf zu sparen</translation>
        </message>
        <message>
            <source>TLS early data</source>
            <translation>Frühe Daten (TLS)</translation>
        </message>
        <message>
            <source>When a connection is taken up again, the first questions go along with its handshake: a round trip less. But whoever controls the network could send such a question to the provider a second time, or tell that it belongs to your connection before.</source>
            <translation>Wird eine Verbindung wieder aufgenommen, gehen die ersten Fragen mit ihrem Handshake: ein Umlauf weniger. Doch wer das Netz beherrscht, könnte eine solche Frage dem Anbieter ein zweites Mal senden oder erkennen, dass sie zu Ihrer Verbindung davor gehört.</translation>
        </message>
        <message>
            <source>Early data was not changed.</source>
            <translation>Die frühen Daten wurden nicht geändert.</translation>
        </message>
        <message>
            <source>TCP Fast Open</source>
            <translation>TCP Fast Open</translation>
        </message>
        <message>
            <source>The very first packet carries data already: a round trip less. But it carries a mark that this computer got from the provider before, by which the network can tell that two connections are yours.</source>
            <translation>Schon das allererste Paket trägt Daten: ein Umlauf weniger. Doch es trägt auch ein Kennzeichen, das dieser Computer zuvor vom Anbieter bekam und an dem das Netz erkennt, dass zwei Verbindungen Ihre sind.</translation>
        </message>
        <message>
            <source>TCP Fast Open was not changed.</source>
            <translation>TCP Fast Open wurde nicht geändert.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ProviderModel</name>
        <message>
            <source>A server of your own</source>
            <translation>Ein eigener Server</translation>
        </message>
        <message>
            <source>unencrypted</source>
            <translation>unverschlüsselt</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::QueryDetail</name>
        <message numerus="yes">
            <source>%n record(s)</source>
            <translation>
                <numerusform>%n Eintrag</numerusform>
                <numerusform>%n Einträge</numerusform>
            </translation>
        </message>
        <message numerus="yes">
            <source>%n octet(s)</source>
            <translation>
                <numerusform>%n Byte</numerusform>
                <numerusform>%n Bytes</numerusform>
            </translation>
        </message>
        <message>
            <source>asked by %1 over %2</source>
            <translation>gefragt von %1 über %2</translation>
        </message>
        <message>
            <source>asked through Sotto itself</source>
            <translation>über Sotto selbst gefragt</translation>
        </message>
        <message>
            <source>Copy details</source>
            <translation>Einzelheiten kopieren</translation>
        </message>
        <message>
            <source>Copies why this query was answered so, with every step</source>
            <translation>Kopiert, warum diese Frage so beantwortet wurde, mit jedem Schritt</translation>
        </message>
        <message>
            <source>Why this answer</source>
            <translation>Warum diese Antwort</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::TestReportView</name>
        <message>
            <source>Claimed: %1</source>
            <translation>Angegeben: %1</translation>
        </message>
        <message>
            <source>Measured: %1</source>
            <translation>Gemessen: %1</translation>
        </message>
        <message>
            <source>Differs from the claim</source>
            <translation>Weicht von der Angabe ab</translation>
        </message>
        <message>
            <source>Copy pin</source>
            <translation>Pin kopieren</translation>
        </message>
        <message>
            <source>Copy report</source>
            <translation>Bericht kopieren</translation>
        </message>
        <message>
            <source>Test of this provider</source>
            <translation>Test dieses Anbieters</translation>
        </message>
        <message>
            <source>How far the test is</source>
            <translation>Wie weit der Test ist</translation>
        </message>
        <message>
            <source>Copies the pin of the provider's key</source>
            <translation>Kopiert den Pin des Schlüssels des Anbieters</translation>
        </message>
        <message>
            <source>Copies the whole report as text</source>
            <translation>Kopiert den ganzen Bericht als Text</translation>
        </message>
        <message>
            <source>Testing …</source>
            <translation>Wird getestet …</translation>
        </message>
        <message>
            <source>Tested at %1</source>
            <translation>Getestet um %1</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::UpstreamLine</name>
        <message>
            <source>Only for names below %1</source>
            <translation>Nur für Namen unter %1</translation>
        </message>
        <message>
            <source>Its name was looked up unencrypted</source>
            <translation>Sein Name wurde unverschlüsselt nachgeschlagen</translation>
        </message>
        <message>
            <source>unencrypted</source>
            <translation>unverschlüsselt</translation>
        </message>
        <message>
            <source>%1: %2</source>
            <comment>provider, its state</comment>
            <translation>%1: %2</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::CoverageCard</name>
        <message>
            <source>This computer's DNS</source>
            <translation>DNS dieses Computers</translation>
        </message>
        <message>
            <source>Programs with an encrypted DNS of their own, as some browsers have, do not ask the system.</source>
            <translation>Programme mit eigenem verschlüsseltem DNS, wie manche Browser es haben, fragen nicht das System.</translation>
        </message>
        <message>
            <source>Line for the settings file</source>
            <translation>Zeile für die Einstellungsdatei</translation>
        </message>
        <message>
            <source>Copy</source>
            <translation>Kopieren</translation>
        </message>
        <message>
            <source>Copies the line for the settings file</source>
            <translation>Kopiert die Zeile für die Einstellungsdatei</translation>
        </message>
        <message>
            <source>Exceptions</source>
            <translation>Ausnahmen</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::ForwardingSwitch</name>
        <message>
            <source>No provider answered in time.</source>
            <translation>Kein Anbieter hat rechtzeitig geantwortet.</translation>
        </message>
        <message>
            <source>No provider is chosen.</source>
            <translation>Es ist kein Anbieter gewählt.</translation>
        </message>
        <message>
            <source>%1 gave no answer</source>
            <comment>a provider</comment>
            <translation>%1 hat nicht geantwortet</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::HeroCard</name>
        <message>
            <source>Encrypted look-ups</source>
            <translation>Verschlüsselt nachschlagen</translation>
        </message>
        <message>
            <source>Try again</source>
            <translation>Noch einmal versuchen</translation>
        </message>
        <message>
            <source>Does what did not succeed once more</source>
            <translation>Versucht noch einmal, was nicht gelungen ist</translation>
        </message>
        <message>
            <source>Switch nevertheless</source>
            <translation>Trotzdem umschalten</translation>
        </message>
        <message>
            <source>Turns Sotto on although no provider answers</source>
            <translation>Schaltet Sotto ein, obwohl kein Anbieter antwortet</translation>
        </message>
        <message>
            <source>Leave it off</source>
            <translation>Ausgeschaltet lassen</translation>
        </message>
        <message>
            <source>Changes nothing</source>
            <translation>Ändert nichts</translation>
        </message>
        <message>
            <source>Resume now</source>
            <translation>Jetzt weitermachen</translation>
        </message>
        <message>
            <source>Ends the pause</source>
            <translation>Beendet die Pause</translation>
        </message>
        <message>
            <source>Turn off for good</source>
            <translation>Ganz ausschalten</translation>
        </message>
        <message>
            <source>Sotto does not go on by itself then</source>
            <translation>Sotto macht dann nicht von selbst weiter</translation>
        </message>
        <message>
            <source>How long the pause lasts</source>
            <translation>Wie lange die Pause dauert</translation>
        </message>
        <message>
            <source>Pause</source>
            <translation>Pause</translation>
        </message>
        <message>
            <source>Turns Sotto off for a while; it goes on by itself</source>
            <translation>Schaltet Sotto für eine Weile aus; es macht von selbst weiter</translation>
        </message>
        <message>
            <source>On: questions go to your providers, encrypted. Off: programs get “refused”.</source>
            <translation>An: Fragen gehen verschlüsselt an Ihre Anbieter. Aus: Programme bekommen „abgelehnt“.</translation>
        </message>
        <message>
            <source>On: this computer's questions go to your providers, encrypted. Off: they go where they went before Sotto.</source>
            <translation>An: Die Anfragen dieses Computers gehen verschlüsselt an Ihre Anbieter. Aus: Sie gehen dorthin, wohin sie vor Sotto gingen.</translation>
        </message>
        <message>
            <source>%1 left</source>
            <comment>of a pause</comment>
            <translation>noch %1</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::MessageArea</name>
        <message>
            <source>The system asks for a password. Sotto waits until it is given.</source>
            <translation>Das System fragt nach einem Passwort. Sotto wartet, bis es eingegeben ist.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::SettingFold</name>
        <message>
            <source>To change these, the system will ask for a password.</source>
            <translation>Für eine Änderung fragt das System nach einem Passwort.</translation>
        </message>
        <message>
            <source>The service does not know this setting.</source>
            <translation>Der Dienst kennt diese Einstellung nicht.</translation>
        </message>
        <message>
            <source>Set in %1 by the administrator.</source>
            <translation>Vom Administrator in %1 festgelegt.</translation>
        </message>
        <message>
            <source>This account may not change it.</source>
            <translation>Dieses Konto darf das nicht ändern.</translation>
        </message>
    </context>
    <context>
        <name>sotto::app::SystemGroup</name>
        <message>
            <source>System</source>
            <translation>System</translation>
        </message>
        <message>
            <source>Shows or hides how Sotto treats this computer's DNS settings</source>
            <translation>Zeigt oder verbirgt, wie Sotto mit den DNS-Einstellungen dieses Computers umgeht</translation>
        </message>
        <message>
            <source>Sotto sets this computer's DNS</source>
            <translation>Sotto stellt das DNS dieses Computers ein</translation>
        </message>
        <message>
            <source>Turning Sotto on switches this computer's DNS to it; turning it off brings the earlier settings back. Without this you set the system's DNS by hand.</source>
            <translation>Wird Sotto eingeschaltet, wird das DNS dieses Computers darauf umgestellt; beim Ausschalten kommen die früheren Einstellungen zurück. Ohne dies stellen Sie das DNS des Systems von Hand ein.</translation>
        </message>
        <message>
            <source>Who sets this computer's DNS was not changed.</source>
            <translation>Wer das DNS dieses Computers einstellt, wurde nicht geändert.</translation>
        </message>
        <message>
            <source>When Sotto cannot answer:</source>
            <translation>Wenn Sotto nicht antworten kann:</translation>
        </message>
        <message>
            <source>Give the earlier DNS servers back (recommended)</source>
            <translation>Die früheren DNS-Server zurückgeben (empfohlen)</translation>
        </message>
        <message>
            <source>Names are found again after a few seconds, but the questions go out as they did before Sotto.</source>
            <translation>Nach wenigen Sekunden werden wieder Namen gefunden, aber die Anfragen gehen hinaus wie vor Sotto.</translation>
        </message>
        <message>
            <source>Keep names unresolved</source>
            <translation>Keine Namen auflösen</translation>
        </message>
        <message>
            <source>No question leaves this computer in clear text, but no name is found until Sotto answers again.</source>
            <translation>Keine Anfrage verlässt diesen Computer im Klartext, aber es wird kein Name gefunden, bis Sotto wieder antwortet.</translation>
        </message>
        <message>
            <source>What happens when Sotto cannot answer was not changed.</source>
            <translation>Was geschieht, wenn Sotto nicht antworten kann, wurde nicht geändert.</translation>
        </message>
    </context>
</TS>
