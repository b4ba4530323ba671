// SPDX-License-Identifier: GPL-3.0-or-later
#include "demo_options.h"

#include <charconv>
#include <string_view>

namespace sotto::test {
namespace {

template <class Number>
bool read(std::string_view text, Number& number) {
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, number);
    return error == std::errc() && stop == end;
}

bool isPlain(std::string_view text) {
    for (const char c : text)
        if (c <= ' ' || c > '~' || c == '"' || c == '\\')
            return false;
    return !text.empty();
}

/// Takes one option that has a value; false where the option or its value is wrong.
bool take(DemoOptions& options, std::string_view option, const std::string& value) {
    if (option == "--port")
        return read(value, options.port);
    if (option == "--delay") {
        unsigned milliseconds = 0;
        const bool good = read(value, milliseconds) && milliseconds <= 60000;
        options.delay = std::chrono::milliseconds(milliseconds);
        return good;
    }
    if (option == "--server-name")
        options.serverName = value;
    else if (option == "--ca-file")
        options.caFile = value;
    else if (option == "--zone")
        options.zoneFile = value;
    else if (option == "--ready-file")
        options.readyFile = value;
    else if (option == "--settings")
        options.settingsFile = value;
    else if (option == "--listen")
        options.listen.push_back(value);
    else
        return false;
    return option == "--server-name" || option == "--listen" ? isPlain(value) : !value.empty();
}

} // namespace

std::string DemoOptions::helpText() {
    return R"(Usage: sotto-demo-server --ca-file FILE [OPTION...]

DNS-over-TLS servers on 127.0.0.1 that give made-up answers, for trying Sotto without a network:
"demo" answers at once, "demo-slow" after 60 ms, "demo-filtered" denies ads.example.com and a few
other names, and "demo-broken" has a certificate for another name, so that it must not be asked.
Their certificate authority is made anew at each start. SIGINT or SIGTERM ends it; the files that it
wrote are then removed.

  --ca-file FILE      write the certificate authority's certificate here
  --port N            let "demo" listen on this port (default: a free one, as the others do)
  --server-name NAME  the name in the certificate of "demo" (default: demo.sotto.test)
  --zone FILE         answer from this zone file (default: a sample with example.com in it)
  --delay MS          wait so long before each answer (default: 0)
  --settings FILE     write settings for sottod with these servers as the providers to choose from,
                      and the list of them beside it, as FILE with the ending .providers.json
  --listen ADDRESS    where sottod listens by those settings, e.g. 127.0.0.1:5300; repeatable
  --ready-file FILE   once serving, write "PORT NAME CA-FILE" of "demo" here
  --help              show this text
)";
}

std::optional<DemoOptions> DemoOptions::parse(std::span<char*> arguments, std::string& error) {
    DemoOptions options;
    while (!arguments.empty()) {
        const std::string option = arguments[0];
        if (option == "--help") {
            options.help = true;
            return options;
        }
        const std::string value = arguments.size() > 1 ? arguments[1] : "";
        if (!take(options, option, value)) {
            error = option + " " + value + ": not an option, or its value is wrong";
            return std::nullopt;
        }
        arguments = arguments.subspan(2);
    }
    if (options.caFile.empty())
        error = "--ca-file is missing";
    else if (options.settingsFile.empty() != options.listen.empty())
        error = "--settings and --listen go together";
    else
        return options;
    return std::nullopt;
}

} // namespace sotto::test
