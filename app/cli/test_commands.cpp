// SPDX-License-Identifier: GPL-3.0-or-later
#include "command.h"

#include "printable.h"
#include "terminal.h"
#include "test_report_text.h"

#include <QDateTime>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>

namespace sotto::cli {

namespace {

using protocol::Client;
using protocol::ProviderTestReport;

bool exactlyOne(const QStringList& arguments) {
    return arguments.size() == 1;
}

/// A line on the terminal that each report writes over; nothing elsewhere.
class ProgressLine {
public:
    explicit ProgressLine(bool wanted)
        : m_wanted(wanted && standardErrorIsTerminal()) {}
    ~ProgressLine() { write({}); }

    void show(const ProviderTestReport& report) {
        write(QObject::tr("Testing: %1 …").arg(testProgressText(report)));
    }

private:
    void write(const QString& text) const {
        if (!m_wanted)
            return;
        const QByteArray line = "\r\x1b[K" + printable(text).toLocal8Bit();
        std::fwrite(line.constData(), 1, static_cast<std::size_t>(line.size()), stderr);
        std::fflush(stderr);
    }

    bool m_wanted;
};

/// What was typed: an upstream as a table, else what the service knows by that name or text.
protocol::ProviderTestParams paramsOf(const QString& word) {
    protocol::ProviderTestParams params;
    const QJsonDocument table = QJsonDocument::fromJson(word.toUtf8());
    if (table.isObject())
        params.upstream = table.object();
    else
        params.target = word;
    return params;
}

ExitCode test(Session& session, const QStringList& arguments) {
    QEventLoop loop;
    std::optional<ProviderTestReport> last;
    bool lost = false;
    std::optional<protocol::ProviderTest> begun;
    {
        ProgressLine progress(!session.json());
        QObject::connect(&session.client(), &Client::testProgress, &loop,
                         [&](const ProviderTestReport& report) {
                             last = report;
                             progress.show(report);
                             if (report.finished)
                                 loop.quit();
                         });
        QObject::connect(&session.client(), &Client::stateChanged, &loop, [&](Client::State state) {
            lost = lost || state != Client::State::Ready;
            if (lost)
                loop.quit();
        });
        begun = session.call<protocol::TestProvider>(paramsOf(arguments.first()));
        // The end may have come together with the reply.
        if (begun && !lost && !(last && last->finished))
            loop.exec();
    }
    if (!begun)
        return session.failure();
    if (!last || !last->finished) {
        session.tellNotReachable(session.client().failure());
        return NotReachable;
    }
    if (session.json())
        session.printJson(QJsonObject{{QStringLiteral("test"), protocol::toJson(*begun)},
                                      {QStringLiteral("report"), protocol::toJson(*last)}});
    else
        session.print(testReportText(*begun, *last, QDateTime::currentMSecsSinceEpoch()));
    if (last->error.isEmpty())
        return Done;
    Session::complain(QObject::tr("The test failed: %1.\n%2").arg(last->error, testAdvice(*last)));
    return Refused;
}

} // namespace

std::vector<Command> testCommands() {
    return {
        {"test", "PROVIDER", "Try a provider out, and compare it with its claims",
         "Connects to PROVIDER and asks it a few harmless names: an id of \"sottoctl providers\",\n"
         "the label, an address or the text of an upstream in use, whose own terms then count, "
         "or,\n"
         "for root and the service's own user, any other one such as\n"
         "tls://192.0.2.1%dns.example. Shows what it claims beside what was measured, how long\n"
         "TCP, TLS and a query took, its certificate, and what it can do. It need not be in use,\n"
         "and is not used for anything else. The exit status is 0 where it works, else 1.",
         exactlyOne, test},
    };
}

} // namespace sotto::cli
