// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QJsonObject>
#include <QJsonValue>
#include <QStringList>

namespace sotto::test {

/// Checks a JSON document against the part of JSON Schema 2020-12 that the project's own schemas
/// use. A keyword it does not know is reported as an error, so that no constraint is passed over
/// in silence.
class JsonSchema {
public:
    explicit JsonSchema(QJsonObject schema);

    /// One line a violation, "path: what is wrong"; empty where the document is valid.
    QStringList violations(const QJsonValue& document) const;

private:
    QJsonObject m_schema;
};

} // namespace sotto::test
