// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QtGlobal>

#include <optional>

namespace sotto::lease {

/// How long nobody has answered on the lease's addresses, and when to ask next. Pure: the caller
/// brings the time, in milliseconds of Clock, never backwards.
///
/// While the service is connected and answers, it is asked every five seconds; without a connection
/// or an answer, every second. A silence begins, at the latest, with the last sign of life: an
/// answer, or a connection that came or went. Sleep is no silence: after it, the time is counted
/// anew.
class SilenceWatch {
public:
    static constexpr qint64 kWellInterval = 5'000;
    static constexpr qint64 kWorriedInterval = 1'000;
    /// A little under ten seconds, so that the earlier settings are back within ten, also where a
    /// service hangs that is still connected: kWellInterval and kLostQuestions fit into it.
    static constexpr qint64 kLost = 9'500;
    /// So many questions at the least: a keeper that was itself stopped has not seen a silence.
    static constexpr int kLostQuestions = 5;

    struct Moment {
        qint64 running = 0;
        qint64 asleep = 0;
    };

    /// All is taken to be well, and is asked for at once.
    void start(Moment now, bool connected);
    void stop() { *this = {}; }
    void setConnected(bool connected, Moment now);
    /// Asks at once.
    void hurry(Moment now);

    /// Whether to ask now; then one outcome is awaited.
    bool takeQuestion(Moment now);
    void setOutcome(bool answered, Moment asked, Moment now);

    bool isSilent() const { return m_silentSince.has_value(); }
    /// Whether the silence has lasted too long. Stays so until somebody answers.
    bool isLost(Moment now);
    /// When takeQuestion() or isLost() may have news; none while neither can.
    std::optional<qint64> dueAt() const;

private:
    void noteSleep(Moment now);

    bool m_connected = false;
    bool m_asking = false;
    std::optional<qint64> m_askAt;
    qint64 m_aliveAt = 0; ///< the last sign of life, or the end of a sleep
    std::optional<qint64> m_silentSince;
    int m_unanswered = 0;
    bool m_lost = false;
    qint64 m_asleep = 0;
};

} // namespace sotto::lease
