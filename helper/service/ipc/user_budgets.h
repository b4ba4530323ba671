// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "service/ipc/token_bucket.h"

#include <QElapsedTimer>

#include <memory>
#include <unordered_map>

namespace sotto::service {

/// What all connections of a user may ask for together. It outlives them, so that connecting anew
/// brings nothing.
class UserBudget {
public:
    static constexpr double kPerSecond = 200;
    static constexpr double kBurst = 400;

    UserBudget() { m_age.start(); }
    [[nodiscard]] bool spend(double tokens) { return m_bucket.take(m_age.elapsed(), tokens); }

private:
    TokenBucket m_bucket{kPerSecond, kBurst};
    QElapsedTimer m_age;
};

/// The budgets by user. Bounded: of users who are not connected, all are forgotten when there are
/// too many.
class UserBudgets {
public:
    static constexpr std::size_t kMaxUsers = 256;

    std::shared_ptr<UserBudget> of(quint32 user) {
        if (m_budgets.size() >= kMaxUsers)
            std::erase_if(m_budgets, [](const auto& one) { return one.second.use_count() == 1; });
        auto& budget = m_budgets[user];
        if (!budget)
            budget = std::make_shared<UserBudget>();
        return budget;
    }

private:
    std::unordered_map<quint32, std::shared_ptr<UserBudget>> m_budgets;
};

} // namespace sotto::service
