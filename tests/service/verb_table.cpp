// SPDX-License-Identifier: GPL-3.0-or-later
#include "verb_table.h"

#include "stranger.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRandomGenerator>
#include <QRegularExpression>

namespace sotto::test {

namespace {

QString textOf(const char* path) {
    QFile file(QStringLiteral(SOTTO_SOURCE_DIR) + QLatin1Char('/') + QLatin1String(path));
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", path);
    return QString::fromUtf8(file.readAll());
}

QJsonObject object(const char* json) {
    return QJsonDocument::fromJson(json).object();
}

QStringList quotedWith(const QString& text, const QRegularExpression& quote) {
    QStringList names;
    for (auto it = quote.globalMatch(text); it.hasNext();)
        names += it.next().captured(1);
    return names;
}

} // namespace

const QList<VerbSample>& verbSamples() {
    static const QList<VerbSample> samples{
        {"hello", object(R"({"protocol":1,"client":"again"})")},
        {"status", {}},
        {"settings.get", {}},
        {"settings.set", object(R"({"values":{"policy":"random","upstreams":["tls://192.0.2.66"],)"
                                R"("system.manage":false,"cache.size":"1MiB"}})")},
        {"providers.list", {}},
        {"providers.use", object(R"({"ids":["cloudflare"]})")},
        {"providers.test", object(R"({"target":"quad9"})")},
        {"providers.test", object(R"({"target":"tls://192.0.2.67%stranger.example"})")},
        {"forwarding.set", object(R"({"enabled":false})")},
        {"forwarding.pause", {}},
        {"system.take", {}},
        {"system.explain", {}},
        {"cache.flush", {}},
        {"statistics", {}},
        {"log.subscribe", object(R"({"backlog":100})")},
        {"log.unsubscribe", {}},
        {"query", object(R"({"name":"stranger.example","type":"A"})")},
    };
    return samples;
}

QStringList contractMethods() {
    static const QRegularExpression kNames("kName = \"([^\"]+)\"");
    return quotedWith(textOf("helper/protocol/methods.h"), kNames);
}

QStringList documentedMethods(const QString& right) {
    static const QRegularExpression kCode("`([a-z.]+)`");
    for (const QString& line : textOf("docs/IPC.md").split('\n')) {
        if (line.startsWith("| " + right + " |"))
            return quotedWith(line.section('|', 2, 2), kCode);
    }
    return {};
}

QByteArrayList hostileLines(quint32 seed, int count) {
    QRandomGenerator random(seed);
    QByteArrayList lines;
    lines.reserve(count);
    while (lines.size() < count) {
        const auto& samples = verbSamples();
        const VerbSample& sample = samples[random.bounded(static_cast<int>(samples.size()))];
        QByteArray line =
            Stranger::line(2 + static_cast<int>(lines.size()), sample.method, sample.params);
        for (int changes = random.bounded(5); changes > 0; --changes) {
            const int at = random.bounded(static_cast<int>(line.size()) + 1);
            const auto octet = static_cast<char>(random.bounded(256));
            switch (random.bounded(5)) {
            case 0:
                line.insert(at, octet);
                break;
            case 1:
                line.remove(at, random.bounded(20));
                break;
            case 2:
                line.insert(at, QByteArray(random.bounded(300), random.bounded(2) ? '[' : octet));
                break;
            case 3: // the parameters of another method
                line = Stranger::line(
                    2, sample.method,
                    samples[random.bounded(static_cast<int>(samples.size()))].params);
                break;
            default:
                if (at < line.size())
                    line[at] = octet;
            }
        }
        lines += line.replace('\n', ' ');
    }
    return lines;
}

} // namespace sotto::test
