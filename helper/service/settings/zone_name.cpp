// SPDX-License-Identifier: GPL-3.0-or-later
#include "service/settings/zone_name.h"

#include <algorithm>
#include <vector>

namespace sotto::service {

namespace {

constexpr int kMaxLabelOctets = 63;
constexpr int kMaxNameOctets = 255; ///< on the wire, with a length before each label and the root

bool isDigit(QChar c) {
    return c >= QLatin1Char('0') && c <= QLatin1Char('9');
}

/// The length of the escape that begins at text's front, "\X" or "\DDD"; 0 where it is none.
qsizetype escapeLength(QStringView text) {
    if (text.size() < 2 || text[1].unicode() < u' ' || text[1].unicode() >= 0x7f)
        return 0;
    if (!isDigit(text[1]))
        return 2;
    const bool threeDigits = text.size() >= 4 && isDigit(text[2]) && isDigit(text[3]);
    return threeDigits && text.sliced(1, 3).toInt() <= 255 ? 4 : 0;
}

QString whyNoName(QStringView text) {
    if (text.isEmpty())
        return QStringLiteral("a zone such as \"example.com\" is expected; \".\" stands for all");
    int label = 0;
    int name = 1;
    for (qsizetype i = 0; i < text.size(); ++i) {
        const char16_t c = text[i].unicode();
        if (c == u'.') {
            if (label == 0)
                return QStringLiteral("a label is empty");
            name += label + 1;
            label = 0;
            continue;
        }
        if (c <= u' ' || c >= 0x7f)
            return QStringLiteral("only printable ASCII is possible; write an international name "
                                  "in its ASCII form (\"xn--…\"), and other octets as \\DDD");
        if (c == u'\\') {
            const qsizetype length = escapeLength(text.sliced(i));
            if (length == 0)
                return QStringLiteral("\"\\\" must stand before three digits up to 255, or before "
                                      "another character");
            i += length - 1;
        }
        if (++label > kMaxLabelOctets)
            return QStringLiteral("a label is longer than %1 octets").arg(kMaxLabelOctets);
    }
    name += label > 0 ? label + 1 : 0;
    return name > kMaxNameOctets
               ? QStringLiteral("the name is longer than %1 octets").arg(kMaxNameOctets)
               : QString();
}

bool endsInPlainDot(const QString& text) {
    const auto notBackslash = std::find_if(std::next(text.rbegin()), text.rend(),
                                           [](QChar c) { return c != QLatin1Char('\\'); });
    return text.endsWith(QLatin1Char('.')) && (notBackslash - text.rbegin()) % 2 == 1;
}

/// The labels of a zone as zoneFromText gives it, without escapes; none of the root.
std::vector<std::string> labelsOf(const std::string& zone) {
    std::vector<std::string> labels;
    if (zone == ".")
        return labels;
    labels.emplace_back();
    const QString text = QString::fromStdString(zone);
    for (qsizetype i = 0; i < text.size(); ++i) {
        if (text[i] == QLatin1Char('.')) {
            labels.emplace_back();
            continue;
        }
        char octet = text[i].toLatin1();
        if (const qsizetype length = octet == '\\' ? escapeLength(QStringView(text).sliced(i)) : 0;
            length > 0) {
            octet = length == 4 ? static_cast<char>(text.sliced(i + 1, 3).toInt())
                                : text[i + 1].toLatin1();
            i += length - 1;
        }
        labels.back() += octet >= 'A' && octet <= 'Z' ? static_cast<char>(octet + 32) : octet;
    }
    return labels;
}

} // namespace

bool isSameZone(const std::string& a, const std::string& b) {
    return labelsOf(a) == labelsOf(b);
}

bool liesBelow(const std::string& name, const std::string& zone) {
    const std::vector<std::string> inner = labelsOf(name);
    const std::vector<std::string> outer = labelsOf(zone);
    return inner.size() > outer.size() && std::equal(outer.rbegin(), outer.rend(), inner.rbegin());
}

std::optional<std::string> zoneFromText(const QString& text, QString& why) {
    if (text == QLatin1String("."))
        return ".";
    why = whyNoName(text);
    if (!why.isEmpty())
        return std::nullopt;
    return (endsInPlainDot(text) ? text.chopped(1) : text).toLower().toStdString();
}

} // namespace sotto::service
