// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/probe.h"

#include "systemdns/resolved_bus.h"

namespace sotto::systemdns {

namespace {

constexpr qsizetype kHeader = 12;
constexpr qsizetype kMaxName = 255;
constexpr qsizetype kMaxLabel = 63;
constexpr quint16 kTypeA = 1;
constexpr quint16 kClassIn = 1;

void append16(QByteArray& octets, quint16 value) {
    octets += static_cast<char>(value >> 8U);
    octets += static_cast<char>(value & 0xffU);
}

/// Reads forward; out of bounds it is broken, and stays so.
class Reader {
public:
    Reader(const QByteArray& octets, qsizetype at)
        : m_octets(octets)
        , m_at(at) {}

    bool isBroken() const { return m_broken; }

    quint8 octet() {
        if (!has(1))
            return 0;
        return static_cast<quint8>(m_octets.at(m_at++));
    }
    quint16 two() {
        const quint16 high = octet();
        return static_cast<quint16>((high << 8U) | octet());
    }
    QByteArray take(qsizetype count) {
        if (!has(count))
            return {};
        QByteArray taken = m_octets.mid(m_at, count);
        m_at += count;
        return taken;
    }
    /// A name ends at its root or at a pointer; where that leads does not matter here.
    void skipName() {
        while (!m_broken) {
            const quint8 length = octet();
            if (length == 0)
                return;
            if ((length & 0xc0U) == 0xc0U) {
                octet();
                return;
            }
            take(length);
        }
    }

private:
    bool has(qsizetype count) {
        m_broken = m_broken || m_octets.size() - m_at < count;
        return !m_broken;
    }

    const QByteArray& m_octets;
    qsizetype m_at;
    bool m_broken = false;
};

QString rcodeText(unsigned rcode) {
    switch (rcode) {
    case 2:
        return QStringLiteral("SERVFAIL");
    case 3:
        return QStringLiteral("NXDOMAIN");
    case 5:
        return QStringLiteral("REFUSED");
    default:
        return QStringLiteral("RCODE %1").arg(rcode);
    }
}

} // namespace

QByteArray probeQuery(const QString& name, quint16 id) {
    QByteArray query;
    append16(query, id);
    append16(query, 0x0100); // RD
    append16(query, 1);
    query += QByteArray(6, '\0');
    const QString bare = name.endsWith(QLatin1Char('.')) ? name.chopped(1) : name;
    for (const QString& label : bare.split(QLatin1Char('.'))) {
        const QByteArray octets = label.toUtf8();
        if (octets.isEmpty() || octets.size() > kMaxLabel)
            return {};
        query += static_cast<char>(octets.size());
        query += octets;
    }
    query += '\0';
    if (query.size() - kHeader > kMaxName)
        return {};
    append16(query, kTypeA);
    append16(query, kClassIn);
    return query;
}

std::optional<std::variant<QStringList, Fault>> readProbeAnswer(const QByteArray& octets,
                                                                const QByteArray& query) {
    const QByteArray question = query.mid(kHeader);
    Reader reader(octets, 0);
    reader.take(2); // the ID, compared below
    const quint16 flags = reader.two();
    const quint16 questions = reader.two();
    const quint16 answers = reader.two();
    reader.take(4);
    const bool isAnswer = octets.left(2) == query.left(2) && (flags & 0xf800U) == 0x8000U &&
                          questions == 1 && reader.take(question.size()) == question;
    if (reader.isBroken() || !isAnswer)
        return std::nullopt;
    if (const unsigned rcode = flags & 0xfU; rcode != 0)
        return Fault{QStringLiteral("the answer is %1").arg(rcodeText(rcode))};
    QStringList addresses;
    for (quint16 i = 0; i < answers && !reader.isBroken(); ++i) {
        reader.skipName();
        const quint16 type = reader.two();
        const quint16 recordClass = reader.two();
        reader.take(4);
        const QByteArray rdata = reader.take(reader.two());
        if (type == kTypeA && recordClass == kClassIn && rdata.size() == 4)
            addresses << addressText(rdata);
    }
    if (reader.isBroken())
        return Fault{QStringLiteral("the answer is malformed")};
    return addresses;
}

} // namespace sotto::systemdns
