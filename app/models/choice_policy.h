// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QList>
#include <QString>

namespace sotto::app {

/// One way of choosing between several providers, with what it means for a person.
struct ChoicePolicy {
    QString key; ///< as in the settings: "fastest"
    QString name;
    QString description;
};

/// The ways that the service knows, in the order to show them.
QList<ChoicePolicy> choicePolicies();

} // namespace sotto::app
