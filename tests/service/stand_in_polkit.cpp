// SPDX-License-Identifier: GPL-3.0-or-later
#include "stand_in_polkit.h"

#include <QDBusArgument>
#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusMetaType>
#include <QFile>

namespace sotto::test {

/// (bba{ss})
struct PolkitAnswer {
    bool authorized = false;
    bool challenge = false;
    QMap<QString, QString> details;
};

QDBusArgument& operator<<(QDBusArgument& out, const PolkitAnswer& answer) {
    out.beginStructure();
    out << answer.authorized << answer.challenge << answer.details;
    out.endStructure();
    return out;
}

const QDBusArgument& operator>>(const QDBusArgument& in, PolkitAnswer& answer) {
    in.beginStructure();
    in >> answer.authorized >> answer.challenge >> answer.details;
    in.endStructure();
    return in;
}

} // namespace sotto::test

Q_DECLARE_METATYPE(sotto::test::PolkitAnswer)

namespace sotto::test {

namespace {

const QString kName = QStringLiteral("stand-in-polkit");

constexpr char kConfig[] = R"(<!DOCTYPE busconfig PUBLIC
 "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>system</type>
  <listen>unix:path=%1</listen>
  <auth>EXTERNAL</auth>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/>
    <allow receive_sender="*" eavesdrop="true"/>
    <allow own="*"/>
    <allow user="*"/>
  </policy>
</busconfig>
)";

} // namespace

StandInPolkit::StandInPolkit(const QString& folder) {
    qDBusRegisterMetaType<QMap<QString, QString>>();
    qDBusRegisterMetaType<PolkitAnswer>();
    const QString socket = folder + "/bus";
    QFile config(folder + "/bus.conf");
    if (!config.open(QIODevice::WriteOnly) ||
        config.write(QString(kConfig).arg(socket).toUtf8()) < 0)
        qFatal("%s cannot be written", qPrintable(config.fileName()));
    config.close();
    m_daemon.start("dbus-daemon",
                   {"--config-file=" + config.fileName(), "--nofork", "--print-address"});
    if (!m_daemon.waitForStarted() || !m_daemon.waitForReadyRead())
        return;
    const QString address = "unix:path=" + socket;
    QDBusConnection bus = QDBusConnection::connectToBus(address, kName);
    if (bus.registerVirtualObject("/org/freedesktop/PolicyKit1/Authority", this) &&
        bus.registerService("org.freedesktop.PolicyKit1"))
        m_address = address;
}

StandInPolkit::~StandInPolkit() {
    QDBusConnection::disconnectFromBus(kName);
    m_daemon.terminate();
    m_daemon.waitForFinished();
}

QString StandInPolkit::introspect(const QString&) const {
    return {};
}

bool StandInPolkit::handleMessage(const QDBusMessage& message, const QDBusConnection&) {
    const QVariantList arguments = message.arguments();
    if (message.member() == "CancelCheckAuthorization") {
        cancelled += arguments.value(0).toString();
        open.removeIf([&](const Question& one) { return cancelled.contains(one.cancellationId); });
        return true;
    }
    Question question{message, arguments.value(1).toString(), {}, arguments.value(4).toString()};
    QString kind;
    const auto subject = arguments.value(0).value<QDBusArgument>();
    subject.beginStructure();
    subject >> kind >> question.subject;
    subject.endStructure();
    question.subject.insert("kind", kind);
    asked += question;
    constexpr uint kAllowUserInteraction = 1;
    if (arguments.value(3).toUInt() & kAllowUserInteraction)
        open += question;
    else if (verdict)
        reply(message, verdict(question.action));
    return true; // without a verdict it stays silent
}

void StandInPolkit::answer(Verdict given) {
    reply(open.takeFirst().message, given);
}

void StandInPolkit::reply(const QDBusMessage& message, Verdict given) {
    QDBusConnection(kName).send(message.createReply(
        QVariant::fromValue(PolkitAnswer{given.authorized, given.challenge, {}})));
}

} // namespace sotto::test
