// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_provider.h"

#include <chrono>
#include <cstdio>

namespace sotto::test {
namespace {

/// A JSON string of plain text: the demonstration's own words, names and PEM.
std::string quoted(const std::string& text) {
    std::string result = "\"";
    for (const char c : text) {
        if (c == '\n') {
            result += "\\n";
            continue;
        }
        if (c == '"' || c == '\\')
            result += '\\';
        result += c;
    }
    return result + '"';
}

std::string thisMonth() {
    const std::chrono::year_month_day today(
        std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()));
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02u", static_cast<int>(today.year()),
                  static_cast<unsigned>(today.month()));
    return text;
}

} // namespace

std::vector<DemoProvider> demoProviders(const std::string& firstName) {
    return {
        {.id = "demo",
         .name = "Demo (made-up answers)",
         .description = "A demonstration on this computer: made-up answers at once, no filter.",
         .tlsName = firstName,
         .certificateName = firstName},
        {.id = "demo-slow",
         .name = "Demo, slow (made-up answers)",
         .description = "A demonstration on this computer: made-up answers after 60 ms.",
         .tlsName = "slow.demo.sotto.test",
         .certificateName = "slow.demo.sotto.test",
         .delay = std::chrono::milliseconds(60)},
        {.id = "demo-filtered",
         .name = "Demo, filtered (made-up answers)",
         .description = "A demonstration on this computer: made-up answers, without a few names "
                        "such as ads.example.com.",
         .tlsName = "filtered.demo.sotto.test",
         .certificateName = "filtered.demo.sotto.test",
         .filter = "ads",
         .blocked = {"ads.example.com", "tracker.example.com", "metrics.example.com"}},
        {.id = "demo-broken",
         .name = "Demo, broken (wrong certificate)",
         .description = "A demonstration on this computer: its certificate is for another name, so "
                        "it must not be asked anything.",
         .tlsName = "broken.demo.sotto.test",
         .certificateName = "somebody-else.demo.sotto.test"},
    };
}

std::string providerListText(std::span<const ServedProvider> served, const std::string& ca) {
    std::string list;
    for (const auto& [provider, port] : served) {
        list += list.empty() ? "\n" : ",\n";
        list += "    {\n      \"id\": " + quoted(provider.id) +
                ",\n      \"name\": " + quoted(provider.name) +
                ",\n      \"description\": " + quoted(provider.description) +
                ",\n      \"country\": \"\",\n      \"website\": \"https://www.example.com/\"" +
                ",\n      \"tls_name\": " + quoted(provider.tlsName) +
                ",\n      \"ipv4\": [\"127.0.0.1\"],\n      \"ipv6\": [],\n      \"port\": " +
                std::to_string(port) + ",\n      \"filter\": " + quoted(provider.filter) +
                ",\n      \"confirmed\": false,\n      \"ca\": " + quoted(ca) + "\n    }";
    }
    return "{\n  \"$schema\": \"providers.schema.json\",\n  \"version\": 1,\n  \"updated\": \"" +
           thisMonth() + "\",\n  \"providers\": [" + list + "\n  ]\n}\n";
}

} // namespace sotto::test
