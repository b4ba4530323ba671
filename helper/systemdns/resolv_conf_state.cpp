// SPDX-License-Identifier: GPL-3.0-or-later
#include "systemdns/resolv_conf_state.h"

#include "systemdns/resolv_conf.h"

#include <QFile>

#include <limits>

namespace sotto::systemdns {

namespace {

/// Of the bits of a mode: no set-user-ID and its like, and nothing for others to write.
constexpr mode_t kGrantedBits = 0775;
constexpr qsizetype kMaxLink = 4095; // PATH_MAX without its end
constexpr qint64 kNanoseconds = 1'000'000'000;

const QString kKind = QStringLiteral("kind");
const QString kOctets = QStringLiteral("octets");
const QString kLink = QStringLiteral("link");
const QString kMode = QStringLiteral("mode");
const QString kUid = QStringLiteral("uid");
const QString kGid = QStringLiteral("gid");
const QString kModified = QStringLiteral("modified");
const QString kChanged = QStringLiteral("changed");

QJsonObject timeJson(const FileTime& time) {
    return {{QStringLiteral("s"), time.seconds}, {QStringLiteral("ns"), time.nanoseconds}};
}

/// Reads members of the right kind and range; remembers whether all were.
class StrictReader {
public:
    explicit StrictReader(const QJsonObject& json)
        : m_json(json) {}

    bool isGood() const { return m_good; }

    QString text(const QString& name) {
        const QJsonValue value = m_json.value(name);
        m_good = m_good && value.isString();
        return value.toString();
    }
    qint64 number(const QString& name, qint64 least, qint64 most) {
        // Two different fallbacks tell "no whole number" from every value.
        const QJsonValue value = m_json.value(name);
        const qint64 number = value.toInteger(0);
        m_good = m_good && number == value.toInteger(1) && number >= least && number <= most;
        return number;
    }
    FileTime time(const QString& name) {
        StrictReader inner(m_json.value(name).toObject());
        const FileTime time{
            inner.number(QStringLiteral("s"), std::numeric_limits<qint64>::min(),
                         std::numeric_limits<qint64>::max()),
            inner.number(QStringLiteral("ns"), 0, kNanoseconds - 1),
        };
        m_good = m_good && inner.isGood();
        return time;
    }
    QByteArray octets(const QString& name, qsizetype most) {
        const auto decoded = QByteArray::fromBase64Encoding(
            text(name).toLatin1(), QByteArray::AbortOnBase64DecodingErrors);
        m_good = m_good && decoded && decoded.decoded.size() <= most;
        return m_good ? decoded.decoded : QByteArray();
    }

private:
    const QJsonObject m_json;
    bool m_good = true;
};

} // namespace

QJsonObject ResolvConfState::toJson() const {
    if (kind == Kind::Absent)
        return {{kKind, QStringLiteral("absent")}};
    const bool isLink = kind == Kind::Link;
    const QByteArray content = isLink ? keptLines().join('\n') : octets;
    QJsonObject json{
        {kKind, isLink ? kLink : QStringLiteral("file")},
        {kOctets, QString::fromLatin1(content.toBase64())},
        {kMode, static_cast<qint64>(attributes.mode)},
        {kUid, static_cast<qint64>(attributes.uid)},
        {kGid, static_cast<qint64>(attributes.gid)},
        {kModified, timeJson(attributes.modified)},
        {kChanged, timeJson(changed)},
    };
    if (isLink)
        json.insert(kLink, link);
    return json;
}

std::optional<ResolvConfState> ResolvConfState::fromJson(const QJsonObject& json) {
    StrictReader reader(json);
    ResolvConfState state;
    const QString kind = reader.text(kKind);
    if (kind == QLatin1String("absent"))
        return state;
    constexpr qint64 kMaxId = std::numeric_limits<uid_t>::max() - 1; // the last means "none"
    state.octets = reader.octets(kOctets, kMaxOctets);
    state.attributes.mode = static_cast<mode_t>(reader.number(kMode, 0, 07777)) & kGrantedBits;
    state.attributes.uid = static_cast<uid_t>(reader.number(kUid, 0, kMaxId));
    state.attributes.gid = static_cast<gid_t>(reader.number(kGid, 0, kMaxId));
    state.attributes.modified = reader.time(kModified);
    state.changed = reader.time(kChanged);
    if (kind == kLink) {
        state.kind = Kind::Link;
        state.link = reader.text(kLink);
        const QByteArray encoded = QFile::encodeName(state.link);
        if (encoded.isEmpty() || encoded.size() > kMaxLink || encoded.contains('\0'))
            return std::nullopt;
    } else if (kind == QLatin1String("file")) {
        state.kind = Kind::Regular;
    } else {
        return std::nullopt;
    }
    if (!reader.isGood())
        return std::nullopt;
    return state;
}

QByteArrayList ResolvConfState::keptLines() const {
    return ResolvConf::parse(octets).kept;
}

bool ResolvConfState::isUntouchedSince(const ResolvConfState& earlier) const {
    if (kind != earlier.kind || changed != earlier.changed)
        return false;
    switch (kind) {
    case Kind::Regular:
        return octets == earlier.octets;
    case Kind::Link:
        return link == earlier.link;
    case Kind::Absent:
        break;
    }
    return true;
}

} // namespace sotto::systemdns
