// SPDX-License-Identifier: GPL-3.0-or-later
#include "lease/state/silence_watch.h"

#include <algorithm>

namespace sotto::lease {

namespace {

/// Readings of two clocks differ by a little where there was no sleep.
constexpr qint64 kLeastSleep = 200;

} // namespace

void SilenceWatch::start(Moment now, bool connected) {
    *this = {};
    m_connected = connected;
    m_askAt = now.running;
    m_aliveAt = now.running;
    m_asleep = now.asleep;
}

void SilenceWatch::setConnected(bool connected, Moment now) {
    if (m_connected == connected)
        return;
    m_connected = connected;
    m_aliveAt = now.running;
    hurry(now);
}

void SilenceWatch::hurry(Moment now) {
    if (m_askAt)
        m_askAt = std::min(*m_askAt, now.running);
}

bool SilenceWatch::takeQuestion(Moment now) {
    noteSleep(now);
    if (m_asking || !m_askAt || now.running < *m_askAt)
        return false;
    m_asking = true;
    return true;
}

void SilenceWatch::setOutcome(bool answered, Moment asked, Moment now) {
    noteSleep(now);
    m_asking = false;
    if (answered) {
        m_aliveAt = now.running;
        m_silentSince.reset();
        m_unanswered = 0;
        m_lost = false;
    } else {
        ++m_unanswered;
        if (!m_silentSince)
            m_silentSince = m_aliveAt;
    }
    if (m_askAt)
        m_askAt = asked.running + (answered && m_connected ? kWellInterval : kWorriedInterval);
}

bool SilenceWatch::isLost(Moment now) {
    noteSleep(now);
    m_lost = m_lost || (m_silentSince && m_unanswered >= kLostQuestions &&
                        now.running - *m_silentSince >= kLost);
    return m_lost;
}

std::optional<qint64> SilenceWatch::dueAt() const {
    std::optional<qint64> due;
    if (!m_asking)
        due = m_askAt;
    if (m_silentSince && m_unanswered >= kLostQuestions && !m_lost) {
        const qint64 lostAt = *m_silentSince + kLost;
        due = due ? std::min(*due, lostAt) : lostAt;
    }
    return due;
}

void SilenceWatch::noteSleep(Moment now) {
    if (now.asleep - m_asleep >= kLeastSleep) {
        m_aliveAt = now.running;
        if (m_silentSince)
            m_silentSince = now.running;
        m_unanswered = 0;
    }
    m_asleep = std::max(m_asleep, now.asleep);
}

} // namespace sotto::lease
