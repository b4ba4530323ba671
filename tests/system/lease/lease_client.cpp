// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/server/packet_socket.h"
#include "lease/server/request_reader.h"

#include <QCoreApplication>
#include <QFile>
#include <QStringList>

#include <cstdio>

/// Sends packets to a lease keeper in place of sottod and prints what comes, a line a packet:
///
///     lease_client SOCKET once|stay [MEMBER=JSON…]     one request with these members
///     lease_client SOCKET raw FILE                     a file's content as one packet
///
/// "once" ends after the first answer, "stay" with the connection. 0: the keeper answered; 1: it
/// did not, or let nobody in.
namespace {

using namespace sotto::lease;

QByteArray requestOf(const QStringList& members) {
    QByteArrayList parts{R"("version":1)"};
    for (const QString& member : members) {
        const qsizetype equals = member.indexOf(QLatin1Char('='));
        parts << '"' + member.left(equals).toUtf8() + "\":" + member.mid(equals + 1).toUtf8();
    }
    return '{' + parts.join(',') + '}';
}

QByteArray contentOf(const QString& path) {
    QFile file(path);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

} // namespace

int main(int argc, char** argv) {
    const QCoreApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const QString how = arguments.value(1);
    QString why;
    const auto connection = connectTo(arguments.value(0), why);
    if (!connection) {
        std::fprintf(stderr, "%s\n", qPrintable(why));
        return 1;
    }
    const QByteArray packet =
        how == QLatin1String("raw") ? contentOf(arguments.value(2)) : requestOf(arguments.mid(2));
    if (!sendPacket(*connection, packet))
        return 1;
    bool answered = false;
    while (awaitPacket(*connection, how == QLatin1String("stay") ? -1 : 10'000)) {
        QByteArray report;
        if (receivePacket(*connection, report, kMaxPacket) != Received::Packet)
            break;
        std::printf("%s\n", report.constData());
        std::fflush(stdout);
        answered = true;
        if (how != QLatin1String("stay"))
            break;
    }
    return answered ? 0 : 1;
}
