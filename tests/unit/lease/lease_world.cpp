// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease_world.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>

#include <algorithm>

namespace sotto::test {

using lease::Lease;
using lease::Switchover;
using systemdns::MechanismId;

namespace {

/// A folder in memory where there is one: every write is synced, thousands of times.
QString quickFolder() {
    const QString memory = QStringLiteral("/dev/shm");
    return (QFileInfo(memory).isWritable() ? memory : QDir::tempPath()) +
           QStringLiteral("/sotto-lease-XXXXXX");
}

} // namespace

LeaseWorld::LeaseWorld()
    : m_dir(quickFolder()) {
    service.content = QStringLiteral("earlier service");
    file.content = QStringLiteral("earlier file");
    startKeeper();
    steps = 0;
    passed.clear();
}

void LeaseWorld::startKeeper() {
    endKeeper();
    const lease::Steps count = [this](const char* step) {
        passed.append(QString::fromLatin1(step));
        if (++steps == killAt)
            throw Killed{};
    };
    auto keeper = std::make_unique<Keeper>();
    const QString fault = keeper->directory.open(m_dir.filePath(QStringLiteral("state")));
    if (!fault.isEmpty())
        qFatal("%s", qPrintable(fault));
    keeper->journal = std::make_unique<lease::Journal>(keeper->directory.descriptor(), count);
    keeper->mechanisms.push_back(
        std::make_unique<FakeMechanism>(MechanismId::Resolved, service, count));
    keeper->mechanisms.push_back(
        std::make_unique<FakeMechanism>(MechanismId::PlainFile, file, count));
    keeper->switchover =
        std::make_unique<Switchover>(*keeper->journal, keeper->mechanisms, clock, bootId, count);
    keeper->lease = std::make_unique<Lease>(*keeper->switchover, keeper->mechanisms, reach, clock);
    m_keeper = std::move(keeper);
    m_keeper->lease->resume();
}

void LeaseWorld::endKeeper() {
    m_keeper.reset();
    reach.forget();
}

void LeaseWorld::reboot() {
    bootId = bootId == kBootA ? kBootB : kBootA;
}

bool LeaseWorld::hasJournal() const {
    return QFile::exists(stateFile(QStringLiteral("state/journal"))) ||
           QFile::exists(stateFile(QStringLiteral("state/journal.earlier")));
}

lease::Request LeaseWorld::request() {
    lease::Request request;
    request.verb = lease::Verb::Apply;
    request.addresses = {QStringLiteral("127.0.0.1"), QStringLiteral("::1")};
    request.checkKey = QString(32, u'7');
    return request;
}

void LeaseWorld::advance(qint64 millis) {
    const qint64 end = clock.awake + millis;
    // As the keeper's timer: set after what it does itself, and when the lease says so.
    auto next = lease().nextTick();
    const auto plan = [&] { next = lease().nextTick(); };
    const auto onSignal = QObject::connect(&lease(), &Lease::planned, plan);
    reach.answer();
    for (int turns = 0; next && *next <= end; ++turns) {
        if (turns > 100'000)
            qFatal("the lease never rests");
        clock.awake = std::max(clock.awake, *next);
        lease().tick();
        plan();
        reach.answer();
    }
    QObject::disconnect(onSignal);
    clock.awake = end;
}

QString LeaseWorld::take(const lease::Request& request) {
    lease().setServiceConnected(true);
    const QString refusal = lease().take(request);
    advance(Lease::kVerifyFor + 2 * Lease::kVerifyPause);
    return refusal;
}

void LeaseWorld::write(FakeSetting& setting, const QString& content, FakeSetting::Holder writer) {
    setting.content = content;
    setting.writer = writer;
    for (const auto& mechanism : m_keeper->mechanisms)
        static_cast<FakeMechanism&>(*mechanism).tellOfChange();
    advance(Lease::kSettle);
}

QString LeaseWorld::faultOfEnd(const QStringList& earlier) const {
    const QStringList now{service.content, file.content};
    const QString ours = FakeSetting::ours({request().addresses, 53});
    if (now == QStringList{ours, ours} || now == QStringList{ours, FakeSetting::stub()})
        return reach.listens ? QString() : QStringLiteral("ours, and nobody listens");
    if (now == earlier)
        return hasJournal() && m_keeper->lease->report().state != lease::State::Yielded
                   ? QStringLiteral("a journal is left")
                   : QString();
    return now.join(QStringLiteral(" | "));
}

} // namespace sotto::test
