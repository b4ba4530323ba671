// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/journal/journal_record.h"

#include "json/enum_names.h"

#include <QCryptographicHash>
#include <QJsonDocument>
#include <QSet>

namespace sotto::lease {

using Phase = JournalRecord::Phase;

namespace {

constexpr auto kMagic = "sotto-lease-journal";
constexpr int kFormat = 1;
constexpr int kMaxDepth = 16;
constexpr qsizetype kMaxHead = 128;
constexpr qsizetype kMaxEntries = 4;
constexpr qsizetype kBootIdLength = 36;

constexpr std::array kPhases{
    std::pair{Phase::Taking, "taking"},
    std::pair{Phase::Held, "held"},
    std::pair{Phase::GivingBack, "giving_back"},
    std::pair{Phase::Yielded, "yielded"},
};

QString enumText(Phase phase) {
    return json::textOf(kPhases, phase);
}

bool enumFromText(const QString& text, Phase& phase) {
    return json::valueOf(kPhases, text, phase);
}

/// The record's members as they are written.
struct WrittenEntry {
    QString mechanism;
    bool touched = false;
    QJsonObject before;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("mechanism", self.mechanism);
        visit("touched", self.touched);
        visit("before", self.before);
    }
};

struct Written {
    qint64 generation = 0;
    QString phase;
    QString bootId;
    QStringList addresses;
    int port = 0;
    WhenLost whenLost = WhenLost::Open;
    QList<WrittenEntry> entries;
    QString winner;
    QString winnerKind;
    QString winnerMechanism;
    qint64 since = 0;

    template <class Self, class Visitor>
    static void fields(Self& self, Visitor& visit) {
        visit("generation", self.generation);
        visit("phase", self.phase);
        visit("boot_id", self.bootId);
        visit("addresses", self.addresses);
        visit("port", self.port);
        visit("when_lost", self.whenLost);
        visit("entries", self.entries);
        visit("winner", self.winner);
        visit("winner_kind", self.winnerKind);
        visit("winner_mechanism", self.winnerMechanism);
        visit("since", self.since);
    }
};

QByteArray checksumOf(const QByteArray& body) {
    return QCryptographicHash::hash(body, QCryptographicHash::Sha256).toHex();
}

QByteArray headOf(int format, const QByteArray& body) {
    return QByteArray(kMagic) + ' ' + QByteArray::number(format) + ' ' + checksumOf(body) + ' ' +
           QByteArray::number(body.size()) + '\n';
}

/// How deep values lie in each other; stops counting above kMaxDepth.
int depthOf(const QJsonValue& value, int above = 0) {
    int deepest = above + 1;
    if (deepest > kMaxDepth)
        return deepest;
    if (value.isArray()) {
        for (const QJsonValue& item : value.toArray())
            deepest = std::max(deepest, depthOf(item, above + 1));
    } else if (value.isObject()) {
        for (const QJsonValue& item : value.toObject())
            deepest = std::max(deepest, depthOf(item, above + 1));
    }
    return deepest;
}

bool isBootId(const QString& text) {
    for (const QChar c : text) {
        if (!(c >= u'0' && c <= u'9') && !(c >= u'a' && c <= u'f') && c != u'-')
            return false;
    }
    return text.size() == kBootIdLength;
}

bool isKnownWinner(const Written& written) {
    if (written.phase != enumText(Phase::Yielded)) {
        return written.winner.isEmpty() && written.winnerKind.isEmpty() &&
               written.winnerMechanism.isEmpty();
    }
    static const QStringList kKinds{QStringLiteral("person"), QStringLiteral("vpn"),
                                    QStringLiteral("agent")};
    for (const QChar c : written.winner) {
        if (!c.isPrint())
            return false;
    }
    return written.winner.size() <= JournalRecord::kMaxWinnerLength &&
           kKinds.contains(written.winnerKind);
}

/// Empty where the entries are what a lease can have.
QString faultOfEntries(const Written& written, QList<JournalRecord::Entry>& entries) {
    if (written.entries.isEmpty() || written.entries.size() > kMaxEntries)
        return QStringLiteral("it names no or too many mechanisms");
    QSet<QString> seen;
    for (const WrittenEntry& entry : written.entries) {
        const auto id = systemdns::mechanismFromText(entry.mechanism);
        if (!id || seen.contains(entry.mechanism))
            return QStringLiteral("it names an unknown mechanism, or one twice");
        seen.insert(entry.mechanism);
        const QString fault = faultOfBefore(entry.before);
        if (!fault.isEmpty())
            return fault;
        entries.append({*id, entry.touched, entry.before});
    }
    if (!written.winnerMechanism.isEmpty() && !seen.contains(written.winnerMechanism))
        return QStringLiteral("it names a winner elsewhere");
    return {};
}

QString faultOfValues(const Written& written, JournalRecord& record) {
    if (written.generation <= 0 || written.since < 0)
        return QStringLiteral("a number in it is impossible");
    if (!enumFromText(written.phase, record.phase))
        return QStringLiteral("its phase is unknown");
    if (!isBootId(written.bootId))
        return QStringLiteral("it names no boot");
    if (!std::in_range<quint16>(written.port))
        return QStringLiteral("its port is impossible");
    record.target = {written.addresses, static_cast<quint16>(written.port)};
    if (!record.target.fault().isEmpty())
        return QStringLiteral("its addresses are impossible");
    if (!isKnownWinner(written))
        return QStringLiteral("what it says of a winner is impossible");
    return faultOfEntries(written, record.entries);
}

JournalDamage damage(const char* reason) {
    return {QString::fromLatin1(reason)};
}

} // namespace

QString faultOfBefore(const QJsonObject& before) {
    if (QJsonDocument(before).toJson(QJsonDocument::Compact).size() >
        JournalRecord::kMaxBeforeOctets)
        return QStringLiteral("the earlier settings are larger than %1 KiB")
            .arg(JournalRecord::kMaxBeforeOctets / 1024);
    if (depthOf(before) > kMaxDepth / 2)
        return QStringLiteral("the earlier settings are nested too deep");
    return {};
}

QByteArray writtenRecord(const JournalRecord& record) {
    Written written{record.generation,
                    enumText(record.phase),
                    record.bootId,
                    record.target.addresses,
                    record.target.port,
                    record.whenLost,
                    {},
                    record.winner,
                    record.winnerKind,
                    record.winnerMechanism,
                    record.since};
    for (const JournalRecord::Entry& entry : record.entries)
        written.entries.append({systemdns::mechanismText(entry.id), entry.touched, entry.before});
    const QByteArray body =
        QJsonDocument(json::toJson(written).toObject()).toJson(QJsonDocument::Compact);
    return headOf(kFormat, body) + body;
}

std::variant<JournalRecord, JournalDamage> readRecord(const QByteArray& octets) {
    const qsizetype end = octets.left(kMaxHead).indexOf('\n');
    const QByteArrayList head = octets.left(std::max<qsizetype>(end, 0)).split(' ');
    if (end < 0 || head.size() != 4 || head.at(0) != kMagic)
        return damage("it does not begin as such a record does");
    const QByteArray body = octets.mid(end + 1);
    const int format = head.at(1).toInt();
    if (format <= 0 || octets.left(end + 1) != headOf(format, body))
        return damage("its checksum is not that of its content");
    if (format != kFormat)
        return damage("it is of another version of Sotto");

    const QJsonDocument document = QJsonDocument::fromJson(body);
    if (!document.isObject() || depthOf(document.object()) > kMaxDepth)
        return damage("it is not the JSON that is expected");
    Written written;
    QString why;
    if (!json::fromJson(document.object(), written, why) ||
        json::toJson(written) != QJsonValue(document.object()))
        return damage("its members are not those that are expected");

    JournalRecord record;
    why = faultOfValues(written, record);
    if (!why.isEmpty())
        return JournalDamage{why};
    record.generation = written.generation;
    record.bootId = written.bootId;
    record.whenLost = written.whenLost;
    record.winner = written.winner;
    record.winnerKind = written.winnerKind;
    record.winnerMechanism = written.winnerMechanism;
    record.since = written.since;
    return record;
}

} // namespace sotto::lease
